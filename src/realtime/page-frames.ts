import type { Cancel, Clock } from '../common/clock';
import type { RequestId } from '../protocol/frames';
import type { ChangesPage } from '../protocol/models';
import { encodeTextFrames } from './wire-frame';

/** As long as a crowd takes to come back; then the memory is free again. */
const KEPT_MS = 2000;
const KEPT_MAX_CHARS = 500_000;

/** A page of changes as a frame, made once, whoever gets it. */
export class PageFrame {
  readonly lastSeq: number;
  private readonly data: string;
  private plain: Buffer | null = null;

  constructor(roomId: number, page: ChangesPage) {
    this.lastSeq = page.last_seq;
    this.data = JSON.stringify({ room_id: roomId, ...page });
  }

  get chars(): number {
    return this.data.length;
  }

  /** The frame as the answer to a request, or to none. */
  bytes(requestId?: RequestId): Buffer {
    if (requestId === undefined) return (this.plain ??= this.encode(''));
    return this.encode(`"request_id":${JSON.stringify(requestId)},`);
  }

  private encode(answered: string): Buffer {
    return encodeTextFrames([`{"type":"changes",${answered}"data":${this.data}}`]).bytes;
  }
}

/**
 * Pages of changes of one room, kept for a moment: when thousands come back to it from the same position, each page is
 * made once for all of them.
 */
export class PageFrames {
  private readonly kept = new Map<number, PageFrame>();
  private keptChars = 0;
  /** How often all has been forgotten. */
  private clearings = 0;
  private cancelClearing: Cancel | null = null;

  constructor(
    private readonly roomId: number,
    private readonly clock: Clock,
  ) {}

  /** The page that begins behind `seq`: the kept one, or what `read` gives. */
  async of(seq: number, read: () => Promise<ChangesPage>): Promise<PageFrame> {
    const { clearings } = this;
    const known = this.kept.get(seq);
    if (known) return known;
    const page = await read();
    // Overtaken by what is new in the room: right for those who asked before, and for nobody else.
    if (clearings !== this.clearings) return new PageFrame(this.roomId, page);
    // Others, who asked in the same turn, may have made it meanwhile.
    const made = this.kept.get(seq) ?? new PageFrame(this.roomId, page);
    this.keep(seq, made);
    return made;
  }

  /** Forgets all: something in the room is no longer what it was. */
  clear(): void {
    this.clearings += 1;
    if (this.kept.size === 0) return;
    this.kept.clear();
    this.keptChars = 0;
    this.cancelClearing?.();
    this.cancelClearing = null;
  }

  private keep(seq: number, frame: PageFrame): void {
    if (this.kept.has(seq) || this.keptChars + frame.chars > KEPT_MAX_CHARS) return;
    this.kept.set(seq, frame);
    this.keptChars += frame.chars;
    this.cancelClearing ??= this.clock.after(KEPT_MS, () => {
      this.cancelClearing = null;
      this.clear();
    });
  }
}
