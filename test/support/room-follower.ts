import type { ServerFrame } from '../../src/protocol/frames';
import type { ChangesPage, Message } from '../../src/protocol/models';

/** What a client knows of a room: all messages from `floorId` on, as they stood at `position`. */
export interface Knowledge {
  position: number;
  floorId: number;
  messages: ReadonlyMap<number, Message>;
}

interface Question {
  requestId: number;
  /** What the client resumes from; null for a fresh join. */
  base: Knowledge | null;
}

const NOTHING: Knowledge = { position: 0, floorId: 1, messages: new Map() };

/** A client in one room that takes the contract at its word: it throws at every frame that the contract does not allow. */
export class RoomFollower {
  isFollowing = false;
  private knowledge = NOTHING;
  private question: Question | null = null;

  constructor(
    private readonly roomId: number,
    private readonly resumeMaxChanges: number,
  ) {}

  get known(): Knowledge {
    return this.knowledge;
  }

  ask(question: Question): void {
    this.question = question;
  }

  /** The client reads the room no more, but remembers what it knows. */
  stop(): void {
    this.isFollowing = false;
    this.question = null;
  }

  take(frame: ServerFrame): void {
    if (this.question && 'request_id' in frame && frame.request_id === this.question.requestId) {
      this.begin(frame, this.question);
      this.question = null;
    }
    if (!this.isFollowing) throw violation('a frame of a room that is not read', frame);
    if (frame.type === 'changes') this.takePage(frame.data);
    else if (frame.type !== 'messages_history') this.takeLive(frame);
  }

  private begin(frame: ServerFrame, { base }: Question): void {
    this.isFollowing = true;
    if (frame.type === 'changes') {
      if (!base) throw violation('a fresh join is answered with history', frame);
      this.knowledge = base;
      return;
    }
    if (frame.type !== 'messages_history') throw violation('this answers no join', frame);
    const { messages, has_more, last_seq, gap } = frame.data;
    if (last_seq === undefined) throw violation('an answer without a position', frame);
    const isTooFar = base && (last_seq - base.position > this.resumeMaxChanges || base.position > last_seq);
    const fromSeq = base && (base.position > last_seq ? 1 : base.position + 1);
    const expected = isTooFar ? { from_seq: fromSeq, to_seq: last_seq } : undefined;
    if (JSON.stringify(gap) !== JSON.stringify(expected)) throw violation('the wrong gap', frame);
    this.knowledge = {
      position: last_seq,
      floorId: has_more ? messages[0]!.id : 1,
      messages: new Map(messages.map((message) => [message.id, message])),
    };
  }

  private takePage({ messages, last_seq }: ChangesPage): void {
    const seqs = [this.knowledge.position, ...messages.map(({ seq }) => seq)];
    const isAscending = seqs.every((seq, index) => index === 0 || seq > seqs[index - 1]!);
    if (!isAscending || last_seq < seqs.at(-1)!)
      throw violation(`a page that does not fit`, [seqs, last_seq]);
    this.learn(messages, last_seq);
  }

  private takeLive(frame: ServerFrame): void {
    if (frame.type !== 'message' && frame.type !== 'message_updated') throw violation('no live frame', frame);
    const { position, messages } = this.knowledge;
    if (frame.data.seq !== position + 1) throw violation(`a live frame at ${position}`, frame);
    if (frame.type === 'message' && messages.has(frame.data.id)) throw violation('not new', frame);
    this.learn([frame.data], frame.data.seq);
  }

  private learn(changed: readonly Message[], position: number): void {
    const messages = new Map(this.knowledge.messages);
    for (const message of changed) {
      if (message.room_id !== this.roomId) throw violation('another room', message);
      messages.set(message.id, message);
    }
    this.knowledge = { ...this.knowledge, position, messages };
  }
}

function violation(what: string, seen: unknown): Error {
  return new Error(`${what}: ${JSON.stringify(seen)}`);
}
