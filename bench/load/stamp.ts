/**
 * What every message of a load begins with: who sent it where, as which of its messages, and when it was meant to be
 * sent. Digits of fixed width between two marks, so a receiver finds and reads it in the bytes of a frame without
 * parsing the frame, and needs to share nothing with the sender, which may be another process.
 */
export interface Stamp {
  room: number;
  sender: number;
  /** 1, 2, 3 … for each sender. */
  n: number;
  /** When the message was due, by `nowMicros`. */
  dueMicros: number;
}

/** Stands nowhere else in what the servers send. */
export const STAMP_MARK = 0x7e;
const STAMP_END = 0x3b;
const WIDTHS = { room: 5, sender: 5, n: 8, due: 15 } as const;

const AT = {
  room: 1,
  sender: 1 + WIDTHS.room,
  n: 1 + WIDTHS.room + WIDTHS.sender,
  due: 1 + WIDTHS.room + WIDTHS.sender + WIDTHS.n,
} as const;

export const STAMP_BYTES = AT.due + WIDTHS.due + 1;

const FILLER = ' The quick brown fox jumps over the lazy dog, and back.';

/** Microseconds of the machine's monotonic clock: the same in every process. */
export function nowMicros(): number {
  const [seconds, nanos] = process.hrtime();
  return seconds * 1e6 + Math.floor(nanos / 1000);
}

/** The text of a message: its stamp and some words, about as long as what people write. */
export function stampedText({ room, sender, n, dueMicros }: Stamp): string {
  return `~${digits(room, WIDTHS.room)}${digits(sender, WIDTHS.sender)}${digits(n, WIDTHS.n)}${digits(dueMicros, WIDTHS.due)};${FILLER}`;
}

/** Whether a whole stamp begins at `at`. */
export function isStampAt(bytes: Buffer, at: number): boolean {
  return bytes[at] === STAMP_MARK && bytes[at + STAMP_BYTES - 1] === STAMP_END;
}

export function roomAt(bytes: Buffer, at: number): number {
  return readDigits(bytes, at + AT.room, WIDTHS.room);
}

export function senderAt(bytes: Buffer, at: number): number {
  return readDigits(bytes, at + AT.sender, WIDTHS.sender);
}

export function numberAt(bytes: Buffer, at: number): number {
  return readDigits(bytes, at + AT.n, WIDTHS.n);
}

export function dueAt(bytes: Buffer, at: number): number {
  return readDigits(bytes, at + AT.due, WIDTHS.due);
}

/** The stamp that `text` begins with; null if there is none. */
export function readStamp(text: string): Stamp | null {
  const bytes = Buffer.from(text.slice(0, STAMP_BYTES), 'latin1');
  if (!isStampAt(bytes, 0)) return null;
  return {
    room: roomAt(bytes, 0),
    sender: senderAt(bytes, 0),
    n: numberAt(bytes, 0),
    dueMicros: dueAt(bytes, 0),
  };
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function readDigits(bytes: Buffer, from: number, width: number): number {
  let value = 0;
  for (let at = from; at < from + width; at++) value = value * 10 + bytes[at]! - 0x30;
  return value;
}
