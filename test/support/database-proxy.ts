import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** How an answer of PostgreSQL ends: it is ready for the next query. */
const READY = /Z\0\0\0\x05[ITE]$/;

/** One connection of the server: its side, and the side of PostgreSQL. */
interface Link {
  client: Socket;
  database: Socket;
  isStalled: boolean;
}

interface Trap {
  text: string;
  spring(link: Link, chunk: Buffer): void;
}

/** Stands between the server and its PostgreSQL and breaks connections at a chosen moment. */
export class DatabaseProxy {
  private readonly links = new Set<Link>();
  private traps: Trap[] = [];

  private constructor(
    private readonly server: Server,
    private readonly databaseUrl: URL,
  ) {
    server.on('connection', (client) => this.link(client));
  }

  static async start(databaseUrl: string): Promise<DatabaseProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new DatabaseProxy(server, new URL(databaseUrl));
  }

  /** What the server under test connects to. */
  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `postgres://postgres@127.0.0.1:${port}${this.databaseUrl.pathname}`;
  }

  /** Lets the next statement that holds `text` be carried out, and cuts the connection before its answer. */
  cutAnswerTo(text: string): void {
    this.setTrap(text, (link, chunk) => {
      void carryOut(link, chunk).then(() => link.client.destroy());
    });
  }

  /** Cuts the connection at the next statement that holds `text`, which PostgreSQL never gets. */
  cutBefore(text: string): void {
    this.setTrap(text, ({ client }) => client.destroy());
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

  /** From now on nothing passes on the connections that there are, and nobody is told; new ones work. */
  stallAll(): void {
    for (const link of this.links) link.isStalled = true;
  }

  stop(): void {
    this.server.close();
    for (const { client, database } of this.links) {
      client.destroy();
      database.destroy();
    }
  }

  private setTrap(text: string, spring: Trap['spring']): void {
    this.traps.push({ text, spring });
  }

  private link(client: Socket): void {
    const socketDir = this.databaseUrl.searchParams.get('host');
    const link: Link = { client, database: connect(`${socketDir}/.s.PGSQL.5432`), isStalled: false };
    this.links.add(link);
    const { database } = link;
    client.on('data', (chunk) => this.pass(link, chunk));
    database.on('data', (chunk) => {
      if (!link.isStalled && !client.destroyed) client.write(chunk);
    });
    for (const side of [client, database]) {
      side.on('error', () => undefined);
      side.on('close', () => {
        if (link.isStalled || !this.links.delete(link)) return;
        client.destroy();
        database.destroy();
      });
    }
  }

  private pass(link: Link, chunk: Buffer): void {
    if (link.isStalled) return;
    const trap = this.traps.find(({ text }) => chunk.includes(text));
    if (!trap) {
      link.database.write(chunk);
      return;
    }
    this.traps = this.traps.filter((other) => other !== trap);
    trap.spring(link, chunk);
  }
}

/** Resolves when PostgreSQL has carried out the statement, of whose answer the client gets nothing. */
async function carryOut({ client, database }: Link, statement: Buffer): Promise<void> {
  database.removeAllListeners('data');
  let answer = '';
  const isReady = new Promise<void>((resolve) => {
    database.on('data', (chunk) => {
      answer = (answer + chunk.toString('latin1')).slice(-READY.source.length);
      if (READY.test(answer)) resolve();
    });
  });
  database.write(statement);
  await isReady;
  client.destroy();
  database.destroy();
}
