import { WebSocket } from 'ws';
import type { Connection } from '../../realtime/connection';
import type { FrameReader } from './frame-reader';

/** A `ws` socket that knows whose it is: one listener for each event serves all sockets, instead of closures of each. */
export class ClientWebSocket extends WebSocket {
  /** Null until it has been accepted. */
  connection: Connection | null = null;
  /** Made with the first frame. */
  reader: FrameReader | null = null;
  /** The code of the close frame that was sent, by us or by `ws`; null while none was. */
  sentCode: number | null = null;

  override close(code?: number, reason?: string | Buffer): void {
    if (code !== undefined) this.sentCode ??= code;
    super.close(code, reason);
  }
}

/** A listener that is told whose socket it was called for: `ws` calls it with that as `this`. */
export function onSocket<Args extends unknown[]>(listener: (ws: ClientWebSocket, ...args: Args) => void) {
  return function (this: WebSocket, ...args: Args): void {
    listener(this as ClientWebSocket, ...args);
  };
}
