/** Text frames as a server writes them (RFC 6455, section 5.2): one piece, not masked, not compressed. */

const FIN_TEXT = 0x81;

function headerBytes(payloadBytes: number): number {
  return payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10;
}

function writeFrame(target: Buffer, at: number, text: string, payloadBytes: number): number {
  target[at] = FIN_TEXT;
  if (payloadBytes < 126) {
    target[at + 1] = payloadBytes;
  } else if (payloadBytes < 65_536) {
    target[at + 1] = 126;
    target.writeUInt16BE(payloadBytes, at + 2);
  } else {
    target[at + 1] = 127;
    target.writeBigUInt64BE(BigInt(payloadBytes), at + 2);
  }
  const start = at + headerBytes(payloadBytes);
  target.write(text, start, payloadBytes, 'utf8');
  return start + payloadBytes;
}

/** Encodes texts as frames in one buffer; `ends` holds the offset behind each. */
export function encodeTextFrames(texts: readonly string[]): { bytes: Buffer; ends: number[] } {
  const sizes = texts.map((text) => Buffer.byteLength(text, 'utf8'));
  const bytes = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + headerBytes(size) + size, 0));
  const ends: number[] = [];
  let at = 0;
  texts.forEach((text, index) => {
    at = writeFrame(bytes, at, text, sizes[index]!);
    ends.push(at);
  });
  return { bytes, ends };
}
