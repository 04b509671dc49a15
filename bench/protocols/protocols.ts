import { plainProtocol } from './plain.protocol';
import type { Protocol } from './protocol';
import { simpleChatProtocol } from './simple-chat.protocol';
import { socketIoProtocol } from './socket-io.protocol';

/** By name, since a name is what another process can be sent. */
export const PROTOCOLS = {
  'simple-chat': simpleChatProtocol,
  plain: plainProtocol,
  'socket.io': socketIoProtocol,
} satisfies Record<string, Protocol>;

export type ProtocolName = keyof typeof PROTOCOLS;
