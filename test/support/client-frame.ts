/** A frame as it stands on the wire (RFC 6455, section 5.2). */
export interface WireFrame {
  opcode: number;
  payload: Buffer;
}

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameShape {
  opcode?: number;
  /** Whether it is the last fragment; it is by default. */
  fin?: boolean;
  /** The three reserved bits. */
  rsv?: number;
  /** As every client has to; only a broken one does not. */
  isMasked?: boolean;
  /** The length that the header tells; by default that of the payload. */
  length?: number;
}

const MASK = Buffer.from([0x1f, 0x2e, 0x3d, 0x4c]);

/** A frame as a client sends it, or as a broken one does. */
export function clientFrame(payload: string | Buffer, shape: FrameShape = {}): Buffer {
  const { opcode = OPCODE.text, fin = true, rsv = 0, isMasked = true } = shape;
  const data = Buffer.from(payload as string);
  const length = shape.length ?? data.length;
  const maskBit = isMasked ? 0x80 : 0;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  if (head.length === 2) head[1] = maskBit | length;
  else head[1] = maskBit | (head.length === 4 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  if (!isMasked) return Buffer.concat([head, data]);
  return Buffer.concat([head, MASK, data.map((byte, index) => byte ^ MASK[index % 4]!)]);
}

/** A JSON frame as a client sends it. */
export function jsonFrame(frame: object): Buffer {
  return clientFrame(JSON.stringify(frame));
}

/** The first whole frame of a server in `bytes`, and what stands behind it; null if there is none yet. */
export function readServerFrame(bytes: Buffer): { frame: WireFrame; rest: Buffer } | null {
  if (bytes.length < 2) return null;
  const short = bytes[1]! & 0x7f;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < start) return null;
  const length = start === 2 ? short : start === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  const end = start + length;
  if (bytes.length < end) return null;
  return {
    frame: { opcode: bytes[0]! & 0x0f, payload: bytes.subarray(start, end) },
    rest: bytes.subarray(end),
  };
}
