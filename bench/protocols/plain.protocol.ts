import type { Protocol, Reading } from './protocol';

/** Behind `{"event":"`. */
const EVENT_AT = 10;
const [J, M] = [...Buffer.from('jm')];

/** `{event, data}` over bare WebSocket, as Nest's own adapter has it: what the peers on `ws` speak. */
export const plainProtocol: Protocol = {
  acknowledges: false,
  pong: null,
  greeting: [],

  handshake: ({ room, user }) => ({ path: `/?room=${room}&user=${user}` }),

  message: (text) => JSON.stringify({ event: 'message', data: { content: text } }),

  read(bytes, start): Reading {
    const first = bytes[start + EVENT_AT];
    return first === M ? 'live' : first === J ? 'ready' : 'other';
  },

  seq: () => null,

  lastSeq: () => null,

  isLastMissed: () => true,

  texts: (frame) => [(JSON.parse(frame) as { data: { content: string } }).data.content],

  refusedId: () => null,
};
