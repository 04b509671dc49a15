import { setTimeout as delay } from 'node:timers/promises';
import type { Gap, ServerFrame } from '../../src/protocol/frames';
import type { ChangesPage, Message } from '../../src/protocol/models';
import type { Heard, Stream, StreamEvent } from '../judge/evidence';
import { Roamer, type RoamerOptions } from './roamer';

const PAGE = 100;
const BEFORE_REPETITION_MS = 50;

/** Somebody who reads one room, resumes with its position and the log's epoch on whichever node it finds, and keeps a journal. */
export class Reader extends Roamer {
  readonly events: StreamEvent[] = [];
  /** For each dial that led to it: how long until everything missed was there. */
  readonly caughtUpAfterMs: number[] = [];
  /** How often it was told to come back later, because its node goes. */
  farewells = 0;
  private position: number | null = null;
  private epoch = '';
  private dialledAt: number | null = null;
  /** While a hole is filled from history: what came live behind it. */
  private heldBack: ServerFrame[] | null = null;

  constructor(
    name: string,
    private readonly reading: RoamerOptions & { roomId: number },
  ) {
    super(name, reading);
  }

  /** The `seq` up to which it has the room; -1 before its first answer. */
  get at(): number {
    return this.position ?? -1;
  }

  /** What the judge wants to know. */
  get stream(): Stream {
    return { reader: this.name, roomId: this.reading.roomId, events: this.events };
  }

  protected path(): string {
    const resume = this.position === null ? '' : `?after_seq=${this.position}&epoch=${this.epoch}`;
    return `/${this.reading.roomId}${resume}`;
  }

  protected override dialled(): void {
    this.dialledAt = performance.now();
    this.heldBack = null;
  }

  protected take(frame: ServerFrame, nodeUrl: string): void {
    if (this.heldBack) this.heldBack.push(frame);
    else if (frame.type === 'message') this.live(frame.data);
    else if (frame.type === 'changes') this.page(frame.data);
    else if (frame.type === 'reconnect') this.farewells += 1;
    else if (frame.type === 'messages_history') this.begin(frame.data, nodeUrl);
  }

  private live(message: Message): void {
    this.events.push({ kind: 'live', message: heard(message) });
    this.position = message.seq;
  }

  private page({ messages, last_seq, epoch, has_more }: ChangesPage): void {
    this.events.push({ kind: 'page', messages: messages.map(heard), lastSeq: last_seq });
    this.position = last_seq;
    this.epoch = epoch;
    if (!has_more) this.noteCaughtUp();
  }

  private begin(
    { last_seq, epoch, gap }: { last_seq?: number; epoch?: string; gap?: Gap },
    nodeUrl: string,
  ): void {
    if (last_seq === undefined) return;
    this.epoch = epoch ?? '';
    if (gap && this.position !== null) {
      void this.fill(this.position, last_seq, nodeUrl, this.socket);
      return;
    }
    this.events.push({ kind: 'start', seq: last_seq });
    this.position = last_seq;
    this.noteCaughtUp();
  }

  /** Reads a hole that is not replayed from the changes of the room; a socket that ends meanwhile ends this too. */
  private async fill(fromSeq: number, toSeq: number, nodeUrl: string, socket: unknown): Promise<void> {
    const heldBack: ServerFrame[] = [];
    this.heldBack = heldBack;
    for (let at = fromSeq; at < toSeq;) {
      const page = await this.changesAfter(at, nodeUrl);
      if (this.socket !== socket || !this.isConnected) return;
      if (!page) {
        await delay(BEFORE_REPETITION_MS);
        continue;
      }
      // Beyond the end of the hole, everything comes live.
      const messages = page.messages.filter(({ seq }) => seq <= toSeq);
      at = Math.min(page.last_seq, toSeq);
      this.page({ ...page, messages, last_seq: at, has_more: at < toSeq });
    }
    this.heldBack = null;
    for (const frame of heldBack) this.take(frame, nodeUrl);
  }

  private async changesAfter(seq: number, nodeUrl: string): Promise<ChangesPage | null> {
    const url = `${nodeUrl}/api/v1/rooms/${this.reading.roomId}/changes?after_seq=${seq}&limit=${PAGE}`;
    const headers = { authorization: `Bearer ${this.options.identity.token}` };
    const answer = await fetch(url, { headers }).catch(() => null);
    return answer?.ok ? ((await answer.json().catch(() => null)) as ChangesPage | null) : null;
  }

  private noteCaughtUp(): void {
    if (this.dialledAt !== null) this.caughtUpAfterMs.push(performance.now() - this.dialledAt);
    this.dialledAt = null;
  }
}

function heard({ id, seq, content }: Message): Heard {
  return { id, seq, content };
}
