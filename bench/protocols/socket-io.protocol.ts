import type { Protocol, Reading } from './protocol';

/** Engine.IO 4 and Socket.IO 5 as text: `42["message",{…}]`; the first digit is Engine.IO's, the second Socket.IO's. */
const [PING, MESSAGE, EVENT] = [...Buffer.from('242')];
/** Behind `42["`. */
const NAME_AT = 4;
const [J, M] = [...Buffer.from('jm')];

export const socketIoProtocol: Protocol = {
  acknowledges: false,
  pong: '3',
  /** Asks to be connected to the main namespace; the server puts the client in the room of its address. */
  greeting: ['40'],

  handshake: ({ room, user }) => ({
    path: `/socket.io/?EIO=4&transport=websocket&room=${room}&user=${user}`,
  }),

  message: (text) => `42${JSON.stringify(['message', { content: text }])}`,

  read(bytes, start): Reading {
    if (bytes[start] === PING) return 'ping';
    if (bytes[start] !== MESSAGE || bytes[start + 1] !== EVENT) return 'other';
    const first = bytes[start + NAME_AT];
    return first === M ? 'live' : first === J ? 'ready' : 'other';
  },

  seq: () => null,

  lastSeq: () => null,

  isLastMissed: () => true,

  texts: (frame) => [(JSON.parse(frame.slice(2)) as [string, { content: string }])[1].content],

  refusedId: () => null,
};
