import type { Cancel, Clock } from '../common/clock';
import type { Gap, RequestId } from '../protocol/frames';
import type { ChangesPage, HistoryPage } from '../protocol/models';
import { encodeTextFrames } from './wire-frame';

/** As long as a crowd takes to come back; then the memory is free again. */
const KEPT_MS = 2000;
const KEPT_MAX_CHARS = 500_000;

type OfRoom<Content> = Content & { room_id: number };
type Page =
  | { type: 'changes'; data: OfRoom<ChangesPage> }
  | { type: 'messages_history'; data: OfRoom<HistoryPage> & { gap?: Gap } };

/** A page as a frame, made once, whoever gets it. */
export class PageFrame {
  readonly lastSeq: number;
  readonly hasMore: boolean;
  private readonly type: Page['type'];
  private readonly data: string;
  private plain: Buffer | null = null;

  constructor({ type, data }: Page) {
    this.lastSeq = data.last_seq;
    this.hasMore = data.has_more;
    this.type = type;
    this.data = JSON.stringify(data);
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
    return encodeTextFrames([`{"type":"${this.type}",${answered}"data":${this.data}}`]).bytes;
  }
}

/**
 * Pages of one room, kept for a moment: when thousands come to it, or come back from the same position, each page is made
 * once for all of them.
 */
export class PageFrames {
  /** By the position that they begin behind; also those that are being read. */
  private readonly kept = new Map<number, Promise<PageFrame>>();
  private newestFrame: PageFrame | null = null;
  private keptChars = 0;
  private cancelClearing: Cancel | null = null;

  constructor(
    private readonly roomId: number,
    private readonly clock: Clock,
  ) {}

  /**
   * The page that begins behind `seq`: the kept one, or what `read` gives. It is read after the last that was new in the
   * room had come. Rejects as `read` does.
   */
  of(seq: number, read: () => Promise<ChangesPage>): Promise<PageFrame> {
    const known = this.kept.get(seq);
    if (known) return known;
    const made = read().then(
      (page) => new PageFrame({ type: 'changes', data: { room_id: this.roomId, ...page } }),
    );
    this.kept.set(seq, made);
    made.then(
      (frame) => this.keep(seq, made, frame.chars),
      () => this.forget(seq, made),
    );
    return made;
  }

  /** The newest page: the kept one, or what `make` gives. */
  newest(make: () => PageFrame): PageFrame {
    const frame = this.newestFrame ?? make();
    if (frame.chars <= KEPT_MAX_CHARS) {
      this.newestFrame = frame;
      this.clearLater();
    }
    return frame;
  }

  /** Forgets all: something in the room is no longer what it was. */
  clear(): void {
    if (this.kept.size === 0 && !this.newestFrame) return;
    this.kept.clear();
    this.newestFrame = null;
    this.keptChars = 0;
    this.cancelClearing?.();
    this.cancelClearing = null;
  }

  private keep(seq: number, made: Promise<PageFrame>, chars: number): void {
    // Overtaken by what is new in the room: right for those who asked before, and for nobody else.
    if (this.kept.get(seq) !== made) return;
    if (this.keptChars + chars > KEPT_MAX_CHARS) return this.forget(seq, made);
    this.keptChars += chars;
    this.clearLater();
  }

  private clearLater(): void {
    this.cancelClearing ??= this.clock.after(KEPT_MS, () => {
      this.cancelClearing = null;
      this.clear();
    });
  }

  private forget(seq: number, made: Promise<PageFrame>): void {
    if (this.kept.get(seq) === made) this.kept.delete(seq);
  }
}
