import type { ServerFrame } from '../../src/protocol/frames';
import type { ClientSpec, Protocol, Reading } from './protocol';

/** Behind `{"type":"`. */
const TYPE_AT = 9;
const QUOTE = 0x22;
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

/** One of `message`, `messages_history` and `message_updated`. */
function readMessage(bytes: Buffer, start: number): Reading {
  const next = bytes[start + TYPE_AT + 'message'.length];
  return next === QUOTE ? 'live' : next === S ? 'ready' : 'other';
}
