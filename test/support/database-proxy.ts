import { type Link, TcpProxy } from './tcp-proxy';

/** How an answer of PostgreSQL ends: it is ready for the next query. */
const READY = /Z\0\0\0\x05[ITE]$/;

interface Trap {
  text: string;
  spring(link: Link, chunk: Buffer): void;
}

/** Stands between the server and its PostgreSQL and breaks connections at a chosen moment. */
export class DatabaseProxy extends TcpProxy {
  private traps: Trap[] = [];
  /** Connections on which announcements come. */
  private readonly listeners = new WeakSet<Link>();
  private databasePath = '';

  static async start(databaseUrl: string): Promise<DatabaseProxy> {
    const { pathname, searchParams } = new URL(databaseUrl);
    const server = await TcpProxy.listening();
    const proxy = new DatabaseProxy(server, { path: `${searchParams.get('host')}/.s.PGSQL.5432` });
    proxy.databasePath = pathname;
    return proxy;
  }

  /** What the server under test connects to. */
  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}${this.databasePath}`;
  }

  /** Lets the next statement that holds `text` be carried out, and cuts the connection before its answer; then calls `andThen`. */
  cutAnswerTo(text: string, andThen = (): void => undefined): void {
    this.setTrap(text, (link, chunk) => {
      void carryOut(link, chunk, andThen);
    });
  }

  /** Calls `first`, and cuts the connection, at the next statement that holds `text`, which PostgreSQL never gets. */
  cutBefore(text: string, first = (): void => undefined): void {
    this.setTrap(text, ({ client }) => {
      first();
      client.destroy();
    });
  }

  /** Cuts the connection at the next statement that holds `text`; PostgreSQL notices nothing, and gets it when `deliver` is called. */
  holdBack(text: string): { deliver(): Promise<void> } {
    let deliver = (): Promise<void> => Promise.reject(new Error('no such statement has come'));
    this.setTrap(text, (link, chunk) => {
      deliver = () => carryOut(link, chunk);
      this.links.delete(link);
      link.client.destroy();
    });
    return { deliver: () => deliver() };
  }

  /** Whether this is a connection that has asked for announcements. */
  hearsAnnouncements(link: Link): boolean {
    return this.listeners.has(link);
  }

  /** Ends the connections that have asked for announcements. */
  cutListeners(): void {
    for (const link of this.links) if (this.listeners.has(link)) link.client.destroy();
  }

  /** Lets nothing more pass on the connections that have asked for announcements, and tells nobody. */
  stallListeners(): void {
    for (const link of this.links) link.isStalled ||= this.listeners.has(link);
  }

  protected override pass(link: Link, chunk: Buffer): void {
    if (link.isStalled) return;
    if (chunk.includes('LISTEN ')) this.listeners.add(link);
    const trap = this.traps.find(({ text }) => chunk.includes(text));
    if (!trap) {
      super.pass(link, chunk);
      return;
    }
    this.traps = this.traps.filter((other) => other !== trap);
    trap.spring(link, chunk);
  }

  private setTrap(text: string, spring: Trap['spring']): void {
    this.traps.push({ text, spring });
  }
}

/** Resolves when PostgreSQL has carried out the statement, of whose answer the client gets nothing. */
async function carryOut(
  { client, target }: Link,
  statement: Buffer,
  andThen = (): void => undefined,
): Promise<void> {
  target.removeAllListeners('data');
  let answer = '';
  const isReady = new Promise<void>((resolve) => {
    target.on('data', (chunk) => {
      answer = (answer + chunk.toString('latin1')).slice(-READY.source.length);
      if (READY.test(answer)) resolve();
    });
  });
  target.write(statement);
  await isReady;
  andThen();
  client.destroy();
  target.destroy();
}
