import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { until } from './until';

const HOST = '127.0.0.1';
const BINARIES = ['redis-server', 'valkey-server'];
const STARTS_MAX = 5;

/** The server's program, if this machine has one. */
function findBinary(): string | null {
  for (const name of BINARIES) {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' });
      return name;
    } catch {
      // Not this one.
    }
  }
  return null;
}

const binary = findBinary();
if (!binary && process.env.REQUIRE_REDIS === '1') {
  throw new Error('REQUIRE_REDIS=1, but there is no redis-server on the PATH.');
}

/** Whether this machine has a Redis. */
export const hasRedis = binary !== null;

/** `describe`, left out by name on a machine without Redis, unless `REQUIRE_REDIS=1` makes that a failure. */
export function describeWithRedis(title: string, body: () => void): void {
  if (binary) describe(title, body);
  else describe.skip(`${title} (needs redis-server on the PATH)`, body);
}

/** A Redis of its own for a spec, on a port of the system's choice; nothing is kept on disk. */
export class RedisServer {
  private process: ChildProcess | null = null;
  private admin: Redis | null = null;
  private readonly dir = mkdtempSync(join(tmpdir(), 'simple-chat-redis-'));

  private constructor(
    readonly port: number,
    private readonly settings: Record<string, string>,
  ) {}

  static async start(settings: Record<string, string> = {}): Promise<RedisServer> {
    for (let start = 1; ; start++) {
      const server = new RedisServer(await aFreePort(), settings);
      try {
        await server.revive();
        return server;
      } catch (error) {
        // Somebody else may have taken the port.
        await server.stop();
        if (start === STARTS_MAX) throw error;
      }
    }
  }

  get url(): string {
    return `redis://${HOST}:${this.port}`;
  }

  /** Carries out one command, as an operator would. */
  async command(...[name, ...args]: [string, ...string[]]): Promise<unknown> {
    if (!this.admin) throw new Error('Redis does not run.');
    return this.admin.call(name, ...args);
  }

  /** Ends it without notice. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Starts it again on its port, with nothing in it. */
  async revive(): Promise<void> {
    const settings = {
      port: String(this.port),
      bind: HOST,
      dir: this.dir,
      save: '',
      appendonly: 'no',
      ...this.settings,
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    const child = spawn(binary!, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.process = child;
    process.once('exit', this.endWithUs);
    let output = '';
    const isReady = new Promise<boolean>((resolve) => {
      child.stdout.on('data', (chunk) => {
        output += String(chunk);
        if (output.includes('Ready to accept connections')) resolve(true);
      });
      child.once('error', () => resolve(false));
      child.once('close', () => resolve(false));
    });
    if (!(await isReady)) throw new Error(`Redis does not start:\n${output}`);
    this.admin = new Redis({ port: this.port, host: HOST, retryStrategy: () => null, lazyConnect: true });
    this.admin.on('error', () => undefined);
    await this.admin.connect();
  }

  /** It keeps its connections and its port, and answers nobody. */
  freeze(): void {
    this.process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.process?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.dir, { recursive: true, force: true });
  }

  private readonly endWithUs = () => this.process?.kill('SIGKILL');

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    this.process = null;
    this.admin?.disconnect();
    this.admin = null;
    process.off('exit', this.endWithUs);
    if (!child || child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    child.kill(signal);
    await once(child, 'close');
  }
}

const SLOTS = 16_384;

/** Three masters that share the slots among them. */
export class RedisCluster {
  private constructor(readonly nodes: readonly RedisServer[]) {}

  static async start(): Promise<RedisCluster> {
    const busPorts = [await aFreePort(), await aFreePort(), await aFreePort()];
    const nodes = await Promise.all(
      busPorts.map((busPort) =>
        RedisServer.start({
          'cluster-enabled': 'yes',
          'cluster-port': String(busPort),
          'cluster-node-timeout': '2000',
          'cluster-require-full-coverage': 'no',
        }),
      ),
    );
    await Promise.all(
      nodes.map((node, n) => {
        const first = Math.ceil((n * SLOTS) / nodes.length);
        const last = Math.ceil(((n + 1) * SLOTS) / nodes.length) - 1;
        return node.command('CLUSTER', 'ADDSLOTSRANGE', String(first), String(last));
      }),
    );
    for (const [n, node] of nodes.entries()) {
      if (n > 0) await nodes[0]!.command('CLUSTER', 'MEET', HOST, String(node.port), String(busPorts[n]));
    }
    const cluster = new RedisCluster(nodes);
    await until(() => cluster.expectComplete());
    return cluster;
  }

  get urls(): string[] {
    return this.nodes.map(({ url }) => url);
  }

  /** Publishes through whichever shard the channel belongs to. */
  async publish(channel: string, payload: string): Promise<void> {
    await Promise.any(this.nodes.map((node) => node.command('SPUBLISH', channel, payload)));
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }

  private async expectComplete(): Promise<void> {
    for (const node of this.nodes) {
      const info = String(await node.command('CLUSTER', 'INFO'));
      if (!info.includes('cluster_state:ok') || !info.includes(`cluster_slots_assigned:${SLOTS}`)) {
        throw new Error(`The cluster is not complete:\n${info}`);
      }
    }
  }
}

async function aFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
