import type { Heard, StoredMessage, Stream } from './evidence';
import type { Violation } from './violation';

/** Holds what a reader was given against the log: from its start on every number once, +1, +1, to the log's end. */
export function judgeStream({ reader, roomId, events }: Stream, log: readonly StoredMessage[]): Violation[] {
  const walk = new Walk(log, `${reader} in room ${roomId}`);
  for (const event of events) {
    if (event.kind === 'start') walk.start(event.seq);
    else if (event.kind === 'live') walk.take(event.message);
    else walk.takePage(event.messages, event.lastSeq);
  }
  return walk.end();
}

/** Of a longer hole the far end is not looked for. */
const SKIPPED_MAX = 100_000;

class Walk {
  private position: number | null = null;
  /** Numbers that were passed over, and may come yet. */
  private readonly skipped = new Set<number>();
  private readonly violations: Violation[] = [];
  private readonly contents: ReadonlyMap<number, StoredMessage>;

  constructor(
    private readonly log: readonly StoredMessage[],
    private readonly who: string,
  ) {
    this.contents = new Map(log.map((message) => [message.seq, message]));
  }

  start(seq: number): void {
    if (this.position === null) this.position = seq;
    else if (seq !== this.position)
      this.report('gap', `started anew at ${seq}, having read to ${this.position}`);
  }

  take(message: Heard): void {
    const { seq } = message;
    const position = this.position ?? 0;
    if (seq <= position) {
      this.report(this.skipped.delete(seq) ? 'reordered' : 'doubled', `${seq} came at ${position}`);
    } else {
      const end = Math.min(seq, position + SKIPPED_MAX);
      for (let missing = position + 1; missing < end; missing++) this.skipped.add(missing);
      if (seq > position + 1) this.report('gap', `${seq} came at ${position}`);
      this.position = seq;
    }
    const stored = this.contents.get(seq);
    if (!stored) this.report('unattempted', `${seq} stands in no history`);
    else if (stored.id !== message.id || stored.content !== message.content)
      this.report('altered', `${seq} was heard otherwise than it is stored`);
  }

  takePage(messages: readonly Heard[], lastSeq: number): void {
    for (const message of messages) this.take(message);
    const position = this.position ?? 0;
    if (lastSeq > position)
      this.report('gap', `a page leads to ${lastSeq} and has nothing after ${position}`);
    if (lastSeq < position) this.report('reordered', `a page leads back to ${lastSeq} from ${position}`);
    this.position = Math.max(position, lastSeq);
  }

  end(): Violation[] {
    const last = this.log.at(-1)?.seq ?? 0;
    if (this.position === null) this.report('gap', 'was given nothing');
    else if (this.position < last) this.report('gap', `ended at ${this.position} of ${last}`);
    return this.violations;
  }

  private report(kind: Violation['kind'], detail: string): void {
    this.violations.push({ kind, detail: `${this.who}: ${detail}` });
  }
}
