/** Frames as a server sends them (RFC 6455, section 5.2): not masked. */
export const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 } as const;

/** Called with each whole frame; its payload is `bytes` from `start` to `end`, valid during the call only. */
export type OnFrame = (opcode: number, bytes: Buffer, start: number, end: number) => void;

/** Room in front of what is read from the network, for the piece of a frame that the last reading left. */
const HEADROOM = 256 * 1024;
const READ_BYTES = 256 * 1024;

/**
 * Where every connection of this process reads to. A reading is taken apart before the next begins, so one buffer
 * serves them all, and ten thousand idle connections cost nothing here.
 */
const shared = Buffer.allocUnsafeSlow(HEADROOM + READ_BYTES);
export const READ_BUFFER = shared.subarray(HEADROOM);

const FIN = 0x80;
const MASKED = 0x80;
const NOTHING = Buffer.alloc(0);

/**
 * Takes the frames of one connection apart, however the network has split them.
 *
 * Ours rather than a library's: a generator that builds an object for each frame is busier than the servers it
 * measures. It allocates only for the piece of a frame that is kept between two readings.
 */
export class FrameParser {
  private rest: Buffer = NOTHING;

  constructor(private readonly onFrame: OnFrame) {}

  /** Takes the first `length` bytes of `READ_BUFFER`. */
  read(length: number): void {
    const kept = this.rest.length;
    if (kept === 0) {
      this.parse(shared, HEADROOM, HEADROOM + length);
    } else if (kept <= HEADROOM) {
      this.rest.copy(shared, HEADROOM - kept);
      this.parse(shared, HEADROOM - kept, HEADROOM + length);
    } else {
      this.take(READ_BUFFER.subarray(0, length));
    }
  }

  /** Takes bytes from anywhere. */
  take(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    this.parse(bytes, 0, bytes.length);
  }

  private parse(bytes: Buffer, from: number, to: number): void {
    let at = from;
    while (to - at >= 2) {
      const short = bytes[at + 1]!;
      if (bytes[at]! < FIN || short >= MASKED)
        throw new Error('The server sent a fragmented or a masked frame.');
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (to - at < head) break;
      const length =
        head === 2 ? short : head === 4 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
      const end = at + head + length;
      if (end > to) break;
      this.onFrame(bytes[at]! & 0x0f, bytes, at + head, end);
      at = end;
    }
    this.rest = at === to ? NOTHING : Buffer.from(bytes.subarray(at, to));
  }
}
