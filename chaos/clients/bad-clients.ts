import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type ClientOptions, WebSocket } from 'ws';
import { TcpProxy } from '../../test/support/tcp-proxy';
import type { ChaosNode } from '../stage/chaos-node';
import type { Identity } from './roamer';

const PAUSE_MS = 20;
const REQUESTS_AT_ONCE = 20;

/** Clients that a node has to get rid of by itself. Each resolves when their socket has been ended. */
export class BadClients {
  constructor(
    private readonly node: ChaosNode,
    private readonly identity: Identity,
    private readonly roomId: number,
  ) {}

  /** Asks for page after page, and takes nothing. */
  async neverReads(): Promise<void> {
    const socket = await this.open(this.url);
    socket.pause();
    const request = JSON.stringify({ type: 'fetch_messages', limit: 100 });
    while (socket.readyState === WebSocket.OPEN) {
      // The system tells of the end of a socket that is not read from only to one who writes to it.
      for (let n = 0; n < REQUESTS_AT_ONCE; n++) socket.send(request);
      await delay(PAUSE_MS);
    }
    socket.terminate();
  }

  async neverAnswersPings(): Promise<void> {
    const socket = await this.open(this.url, { autoPong: false });
    await once(socket, 'close');
  }

  /** Goes without a FIN: to the node, its TCP connection stays as it was. */
  async vanishes(): Promise<void> {
    const { hostname, port } = new URL(this.node.url!);
    const proxy = await TcpProxy.to({ host: hostname, port: Number(port) });
    const socket = await this.open(`ws://127.0.0.1:${proxy.port}`);
    proxy.stallAll();
    socket.terminate();
    while (proxy.openTargets > 0) await delay(PAUSE_MS);
    proxy.stop();
  }

  private get url(): string {
    return this.node.url!.replace('http', 'ws');
  }

  private async open(base: string, options: ClientOptions = {}): Promise<WebSocket> {
    const socket = new WebSocket(`${base}/api/v1/ws/${this.roomId}`, {
      perMessageDeflate: false,
      ...options,
      headers: { authorization: `Bearer ${this.identity.token}` },
    });
    socket.on('error', () => undefined);
    await once(socket, 'open');
    return socket;
  }
}
