import { isDeepStrictEqual } from 'node:util';
import type { Gap } from '../../src/protocol/frames';
import type { ChangesPage, HistoryPage, Message } from '../../src/protocol/models';
import type { ChatSocket, Frame } from './chat-socket';

/**
 * What a client knows of one room by applying what it is sent, as the protocol's rule for readers has it: a live frame
 * is the one after the position, a page sets the position. Anything else throws.
 */
export class RoomReplica {
  readonly messages = new Map<number, Message>();
  /** Null until the first answer, unless it was told. */
  position: number | null = null;
  epoch: string | undefined;
  gap: Gap | undefined;
  /** It knows every message changed after this `seq` … */
  private fromSeq: number;
  /** … and every message from this `id` on. */
  private fromId = Infinity;

  constructor(
    readonly roomId: number,
    afterSeq?: number,
  ) {
    this.position = afterSeq ?? null;
    this.fromSeq = afterSeq ?? Infinity;
  }

  /** A client that goes away with what it knows and comes back with it. */
  copy(): RoomReplica {
    const copy = new RoomReplica(this.roomId);
    for (const [id, message] of this.messages) copy.messages.set(id, message);
    copy.position = this.position;
    copy.epoch = this.epoch;
    copy.fromSeq = this.fromSeq;
    copy.fromId = this.fromId;
    return copy;
  }

  /** Applies a frame; frames that are not about the room's log are passed over. */
  take(frame: Frame): void {
    const { type } = frame;
    const data = frame.data as { room_id?: number } | undefined;
    if (data?.room_id !== this.roomId) return;
    if (type === 'messages_history') this.restart(frame.data as Partial<HistoryPage> & { gap?: Gap });
    else if (type === 'changes') this.turnPage(frame.data as ChangesPage);
    else if (type === 'message' || type === 'message_updated') this.step(type, frame.data as Message);
  }

  /** Reads the answer to a join: the newest page, or a page of changes. The socket's frames must be nobody else's. */
  async readAnswer(socket: ChatSocket): Promise<void> {
    const isAnswer = ({ type }: Frame) => type === 'messages_history' || type === 'changes';
    for (let frame: Frame | undefined; !frame || !isAnswer(frame);) {
      frame = await socket.next(() => true);
      this.take(frame);
    }
  }

  /** Reads on until the position is at least `seq`. The socket's frames must be nobody else's. */
  async readTo(socket: ChatSocket, seq: number): Promise<void> {
    while (this.position === null || this.position < seq) this.take(await socket.next(() => true));
  }

  /** Throws unless every message that it must know is known in the state of the log, which nobody changes any more. */
  mustAgreeWith(log: readonly Message[]): void {
    const position = this.position ?? -1;
    for (const message of log) {
      const known = this.messages.get(message.id);
      const mustKnow = message.seq <= position && (message.seq > this.fromSeq || message.id >= this.fromId);
      if (mustKnow && !isDeepStrictEqual(known, message)) {
        throw new Error(
          `at ${position}, from ${this.fromSeq}: ${JSON.stringify(known)} instead of ${JSON.stringify(message)}`,
        );
      }
      if (known && known.seq > message.seq)
        throw new Error(`message ${message.id} was never at ${known.seq}`);
    }
    if (this.messages.size > log.length) throw new Error('knows more messages than there are');
  }

  private restart({ messages, last_seq, epoch, gap }: Partial<HistoryPage> & { gap?: Gap }): void {
    if (last_seq === undefined || !messages) return;
    this.messages.clear();
    messages.forEach((message) => this.messages.set(message.id, message));
    this.position = last_seq;
    this.epoch = epoch;
    this.gap = gap;
    this.fromSeq = last_seq;
    this.fromId = messages[0]?.id ?? 1;
  }

  private turnPage({ messages, last_seq, epoch }: ChangesPage): void {
    const position = this.known();
    let before = position;
    for (const { seq } of messages) {
      if (seq <= before) throw new Error(`a page after ${position} has ${seq} behind ${before}`);
      before = seq;
    }
    // The highest number is always somebody's latest.
    if (last_seq !== before) throw new Error(`a page that ends at ${before} says ${last_seq}`);
    messages.forEach((message) => this.messages.set(message.id, message));
    this.position = last_seq;
    this.epoch = epoch;
  }

  private step(type: 'message' | 'message_updated', message: Message): void {
    const position = this.known();
    if (message.seq !== position + 1) throw new Error(`${message.seq} came live after ${position}`);
    const isKnown = this.messages.has(message.id);
    if (type === 'message' && isKnown) throw new Error(`message ${message.id} was announced twice as new`);
    this.messages.set(message.id, message);
    this.position = message.seq;
  }

  private known(): number {
    if (this.position === null) throw new Error('came before the answer to the join');
    return this.position;
  }
}
