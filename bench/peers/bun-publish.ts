import { memberOf, type Membership } from './member';
import { broadcastOf, joined } from './plain-frames';
import { ready } from './ready';

/** What is used of Bun, which is no dependency: the peer takes part where Bun happens to be. */
interface BunSocket {
  data: Membership;
  send(text: string): void;
  subscribe(topic: string): void;
}

interface BunServer {
  port: number;
  upgrade(request: Request, options: { data: Membership }): boolean;
  publish(topic: string, text: string): void;
}

declare const Bun: {
  serve(options: {
    port: number;
    hostname: string;
    fetch(request: Request, server: BunServer): Response | undefined;
    websocket: {
      backpressureLimit: number;
      open(socket: BunSocket): void;
      message(socket: BunSocket, text: string): void;
    };
  }): BunServer;
  gc(force: boolean): void;
};

/** Rather than that it drops messages to a slow receiver: plain `ws` keeps all of them, too. */
const BACKPRESSURE_LIMIT_BYTES = 2 ** 30;

/** A room broadcast by Bun itself, out of its native code: no account, nothing kept, no answer to the sender. */
const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch(request, running) {
    if (!running.upgrade(request, { data: memberOf(request.url) }))
      return new Response(null, { status: 400 });
    return undefined;
  },
  websocket: {
    backpressureLimit: BACKPRESSURE_LIMIT_BYTES,
    open(socket) {
      socket.subscribe(String(socket.data.room));
      socket.send(joined(socket.data.room));
    },
    // Of the server: that of a socket leaves its sender out.
    message: (socket, text) => server.publish(String(socket.data.room), broadcastOf(text, socket.data)),
  },
});

process.on('SIGUSR2', () => Bun.gc(true));
ready(server.port);
