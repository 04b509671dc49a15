import { WebSocket } from 'ws';
import type { Connection } from '../../realtime/connection';
import type { FrameReader } from './frame-reader';

/** A `ws` socket that knows whose it is: one listener for each event serves all sockets, instead of closures of each. */
export class ClientWebSocket extends WebSocket {
  /** Null until it has been accepted. */
  connection: Connection | null = null;
  /** Made with the first frame. */
  reader: FrameReader | null = null;
}
