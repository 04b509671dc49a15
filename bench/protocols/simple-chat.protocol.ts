import type { ServerFrame } from '../../src/protocol/frames';
import type { ClientSpec, Protocol, Reading } from './protocol';

/** Behind `{"type":"`. */
const TYPE_AT = 9;
/** Behind `{"type":"message","data":{"id":`. */
const ID_AT = 31;
/** Between the id of a message and its number. */
const SEQ = ',"seq":';
const LAST_SEQ = '"last_seq":';
const QUOTE = 0x22;
const [ZERO, NINE] = [0x30, 0x39];
const [A, C, E, M, S] = [...Buffer.from('acems')];

/** The product: both its doors speak this; the load uses the one of a single room, as the original's clients do. */
export const simpleChatProtocol: Protocol = {
  acknowledges: true,
  pong: null,
  greeting: [],

  handshake({ room, token, afterSeq }: ClientSpec) {
    const resume = afterSeq === undefined ? '' : `?after_seq=${afterSeq}`;
    return { path: `/api/v1/ws/${room}${resume}`, headers: { Authorization: `Bearer ${token}` } };
  },

  message: (text, id) =>
    JSON.stringify({ type: 'message', content: text, client_msg_id: id, request_id: id }),

  read(bytes, start): Reading {
    const first = bytes[start + TYPE_AT];
    if (first === M) return readMessage(bytes, start);
    if (first === C) return 'missed';
    if (first === E) return 'refusal';
    // The others are `authenticated`.
    return first === A && bytes[start + TYPE_AT + 1] === C ? 'ack' : 'other';
  },

  seq(bytes, start) {
    let at = start + ID_AT;
    while (isDigit(bytes[at]!)) at += 1;
    return numberAt(bytes, at + SEQ.length);
  },

  // Within the frame: behind it, the buffer still has what others have read.
  lastSeq: (bytes, end) =>
    numberAt(bytes, bytes.lastIndexOf(LAST_SEQ, end - LAST_SEQ.length) + LAST_SEQ.length),

  isLastMissed: (bytes, _start, end) => bytes.toString('latin1', end - 20, end).includes('"has_more":false'),

  texts(text) {
    const frame = JSON.parse(text) as ServerFrame;
    if (frame.type === 'message') return [frame.data.content ?? ''];
    return frame.type === 'changes' ? frame.data.messages.map(({ content }) => content ?? '') : [];
  },

  refusedId(text) {
    const frame = JSON.parse(text) as ServerFrame;
    return frame.type === 'error' ? (frame.client_msg_id ?? null) : null;
  },
};

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function numberAt(bytes: Buffer, from: number): number {
  let value = 0;
  for (let at = from; isDigit(bytes[at]!); at++) value = value * 10 + bytes[at]! - ZERO;
  return value;
}

/** One of `message`, `messages_history` and `message_updated`. */
function readMessage(bytes: Buffer, start: number): Reading {
  const next = bytes[start + TYPE_AT + 'message'.length];
  return next === QUOTE ? 'live' : next === S ? 'ready' : 'other';
}
