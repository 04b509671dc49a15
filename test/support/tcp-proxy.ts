import { once } from 'node:events';
import {
  type AddressInfo,
  connect,
  createServer,
  type NetConnectOpts,
  type Server,
  type Socket,
} from 'node:net';

/** One connection: the side of whoever dialled, and the side of what it wanted. */
export interface Link {
  client: Socket;
  target: Socket;
  /** Nothing passes any more, and nobody is told. */
  isStalled: boolean;
  /** Answers on their way, oldest first. */
  underWay: Buffer[];
}

/** Stands between a server and something that it connects to, and breaks, holds and delays what passes. */
export class TcpProxy {
  protected readonly links = new Set<Link>();
  private isHeld = false;
  private isClosed = false;
  private delayOf: (link: Link) => number = () => 0;

  protected constructor(
    private readonly server: Server,
    private readonly target: NetConnectOpts,
  ) {
    server.on('connection', (client) => this.link(client));
  }

  static async to(target: NetConnectOpts): Promise<TcpProxy> {
    return new TcpProxy(await TcpProxy.listening(), target);
  }

  protected static async listening(): Promise<Server> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Connections that the other side has not ended. */
  get openTargets(): number {
    return [...this.links].filter(({ target }) => !target.closed).length;
  }

  /** From now on nothing passes on the connections that there are, and nobody is told; new ones work. */
  stallAll(): void {
    for (const link of this.links) link.isStalled = true;
  }

  /** Nothing passes, on new connections neither, until `release`; then everything does. */
  hold(): void {
    this.isHeld = true;
    for (const link of this.links) pause(link);
  }

  release(): void {
    this.isHeld = false;
    for (const { client, target } of this.links) for (const side of [client, target]) side.resume();
  }

  /** Ends every connection that there is. */
  cutAll(): void {
    for (const link of this.links) end(link);
  }

  /** Ends every connection, and each new one at once, until `accept`. */
  refuse(): void {
    this.isClosed = true;
    this.cutAll();
  }

  accept(): void {
    this.isClosed = false;
  }

  /** Lets answers wait for so many milliseconds, in their order, on the connections to which the function gives any. */
  delayAnswers(delayOf: (link: Link) => number): void {
    this.delayOf = delayOf;
  }

  stop(): void {
    this.server.close();
    this.cutAll();
  }

  /** What the client sends. */
  protected pass(link: Link, chunk: Buffer): void {
    if (!link.isStalled) link.target.write(chunk);
  }

  private link(client: Socket): void {
    if (this.isClosed) {
      client.destroy();
      return;
    }
    const target = connect(this.target);
    const link: Link = { client, target, isStalled: false, underWay: [] };
    this.links.add(link);
    client.on('data', (chunk) => this.pass(link, chunk));
    target.on('data', (chunk) => this.answer(link, chunk));
    if (this.isHeld) pause(link);
    for (const side of [client, target]) {
      side.setNoDelay();
      side.on('error', () => undefined);
      side.on('close', () => {
        if (!link.isStalled && this.links.delete(link)) end(link);
      });
    }
  }

  private answer(link: Link, chunk: Buffer): void {
    if (link.isStalled) return;
    const delayMs = this.delayOf(link);
    if (delayMs === 0 && link.underWay.length === 0) {
      if (!link.client.destroyed) link.client.write(chunk);
      return;
    }
    link.underWay.push(chunk);
    setTimeout(() => {
      // The oldest, whosever turn it is: the order stays.
      const due = link.underWay.shift();
      if (due && !link.isStalled && !link.client.destroyed) link.client.write(due);
    }, delayMs);
  }
}

function pause({ client, target }: Link): void {
  for (const side of [client, target]) side.pause();
}

function end({ client, target }: Link): void {
  client.destroy();
  target.destroy();
}
