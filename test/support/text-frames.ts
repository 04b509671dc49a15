/**
 * Reads text frames as a strict client does (RFC 6455, section 5.2): whole, unmasked, uncompressed, the length in its
 * shortest form, valid UTF-8. Throws at anything else, a frame that is cut off included.
 */
export function decodeTextFrames(bytes: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    if (bytes.readUInt8(at) !== 0b1000_0001) throw new Error(`no whole text frame begins at ${at}`);
    const { length, start } = payloadAt(bytes, at + 1);
    if (start + length > bytes.length) throw new Error(`the frame at ${at} is cut off`);
    texts.push(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, start + length)));
    at = start + length;
  }
  return texts;
}

function payloadAt(bytes: Buffer, at: number): { length: number; start: number } {
  const first = bytes.readUInt8(at);
  if (first < 126) return { length: first, start: at + 1 };
  if (first > 127) throw new Error('a frame of the server is masked');
  const isShort = first === 126;
  const length = isShort ? bytes.readUInt16BE(at + 1) : Number(bytes.readBigUInt64BE(at + 1));
  if (length < (isShort ? 126 : 65_536)) throw new Error(`the length ${length} is not in its shortest form`);
  return { length, start: at + (isShort ? 3 : 9) };
}
