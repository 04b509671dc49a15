import type { ServerFrame } from '../protocol/frames';
import type { ChangesPage } from '../protocol/models';
import type { Change } from './room-log';
import { encodeTextFrames } from './wire-frame';

/** One frame, ready for a socket. */
export function encodeFrame(frame: ServerFrame): Buffer {
  return encodeTextFrames([JSON.stringify(frame)]).bytes;
}

/**
 * A stretch of a room's log, encoded once: the same bytes go to every reader whose position is `fromSeq`,
 * in one write, and move it to `toSeq`.
 */
export class Segment {
  private constructor(
    readonly fromSeq: number,
    readonly toSeq: number,
    private readonly bytes: Buffer,
    /** Offset behind the frame of `fromSeq + 1 + index`; none where the stretch is a single page. */
    private readonly ends: readonly number[],
  ) {}

  /** Changes that follow one upon the other without a hole: a live frame each. */
  static ofRun(fromSeq: number, changes: readonly Change[]): Segment {
    const texts = changes.map(({ type, message }) => JSON.stringify({ type, data: message }));
    const { bytes, ends } = encodeTextFrames(texts);
    return new Segment(fromSeq, fromSeq + changes.length, bytes, ends);
  }

  /** What the log gave for a hole: one `changes` frame. It promises no other: what follows may come live, from elsewhere. */
  static ofPage(fromSeq: number, roomId: number, page: ChangesPage): Segment {
    return new Segment(
      fromSeq,
      page.last_seq,
      encodeFrame({ type: 'changes', data: { room_id: roomId, ...page, has_more: false } }),
      [],
    );
  }

  /** The bytes that take a reader from `position` to `toSeq`; null if this stretch cannot. */
  bytesAfter(position: number): Buffer | null {
    if (position === this.fromSeq) return this.bytes;
    if (position < this.fromSeq || position >= this.toSeq) return null;
    const start = this.ends[position - this.fromSeq - 1];
    return start === undefined ? null : this.bytes.subarray(start);
  }
}
