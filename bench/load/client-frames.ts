import { OPCODE } from './frame-parser';

const MASKED = 0x80;
const FIN = 0x80;

/** A text frame of a client. Masked, as every client's, with a key of zeros: servers do the work, we do not. */
export function textFrame(text: string): Buffer {
  return clientFrame(OPCODE.text, Buffer.from(text, 'utf8'));
}

export function pongFrame(payload: Buffer): Buffer {
  return clientFrame(OPCODE.pong, payload);
}

function clientFrame(opcode: number, payload: Buffer): Buffer {
  const isShort = payload.length < 126;
  if (payload.length > 0xffff) throw new Error('The generator sends no frame of more than 64 KiB.');
  const head = Buffer.alloc(isShort ? 6 : 8);
  head[0] = FIN | opcode;
  head[1] = MASKED | (isShort ? payload.length : 126);
  if (!isShort) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}
