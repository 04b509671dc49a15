import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const ROOT = join(__dirname, '../..');
const PATIENCE_MS = 30_000;

/** The built server as a process of its own, as an operator runs it. */
export interface ServerProcess {
  pid: number;
  /** Standard output and error so far. */
  output(): string;
  /** Resolves with the URL once it listens. */
  listening(): Promise<string>;
  /** Resolves with the exit code; null after a signal that it did not handle. */
  exited(): Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
  /** Closes what its output goes to. */
  stopListening(): void;
  /** Tells what was preloaded something. */
  tell(order: object): void;
}

export interface SpawnOptions {
  /** The path of a module that is loaded before the server and can be told something. */
  preload?: string;
}

/** Compiles the sources if the last build is older. */
export function buildServer(): void {
  execFileSync(process.execPath, ['scripts/build.mjs', '--if-needed'], { cwd: ROOT, stdio: 'pipe' });
}

/** A directory that PostgreSQL's account can reach, too, when the tests run as root. */
export function aDataDir(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'simple-chat-process-'));
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * For the tests of a file: starts servers, which are ended after each test, with one data directory for all who need no
 * other; to make a database cluster takes seconds.
 */
export function serverProcesses() {
  const dataDir = aDataDir();
  let servers: ServerProcess[] = [];
  beforeAll(buildServer, 120_000);
  afterAll(() => dataDir.remove());
  afterEach(async () => {
    for (const server of servers) server.kill('SIGTERM');
    await Promise.all(servers.map((server) => server.exited()));
    servers = [];
  });
  const start = (env: Record<string, string> = {}, directory = dataDir.path): ServerProcess => {
    const server = spawnServer(directory, env);
    servers.push(server);
    return server;
  };
  return { start, dataDir };
}

/** Starts the server in `cwd` with these variables and no others of ours, on a port of the system's choice. */
export function spawnServer(
  cwd: string,
  env: Record<string, string> = {},
  { preload }: SpawnOptions = {},
): ServerProcess {
  const preloads = preload ? ['--require', preload] : [];
  const child = spawn(process.execPath, [...preloads, join(ROOT, 'dist/src/main.js')], {
    cwd,
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe', preload ? 'ipc' : 'ignore'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream!.on('data', (chunk) => (output += String(chunk)));
  const closed = once(child, 'close').then(([code]) => code as number | null);
  let hasClosed = false;
  void closed.then(() => (hasClosed = true));

  return {
    pid: child.pid ?? 0,
    output: () => output,
    exited: () => closed,
    kill: (signal) => child.kill(signal),
    stopListening: () => [child.stdout, child.stderr].forEach((stream) => stream!.destroy()),
    tell: (order) => child.send(order),
    listening: async () => {
      const deadline = performance.now() + PATIENCE_MS;
      for (;;) {
        const port = /"msg":"Listening".*"port":(\d+)/.exec(output)?.[1];
        if (port) return `http://127.0.0.1:${port}`;
        if (hasClosed || performance.now() > deadline)
          throw new Error(`The server does not listen:\n${output}`);
        await delay(20);
      }
    },
  };
}
