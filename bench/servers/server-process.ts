import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { noteProcess } from '../leftovers';
import { type Usage, usageOf } from './process-usage';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
const COLLECT_MS = 1000;
/** Output that is kept to explain a failed start, or an end. */
const OUTPUT_MAX_CHARS = 20_000;

/** Once it listens, a server writes so, with its port; on SIGUSR2 it collects its garbage. */
export interface ServerCommand {
  /** A path, or a name that is looked for on PATH. */
  executable: string;
  args: string[];
  env: Record<string, string>;
  /** By default the present one. */
  cwd?: string;
}

/** A server that is measured, in a process of its own. */
export class ServerProcess {
  /** Rejects if it ends before it is stopped. */
  readonly died: Promise<never>;
  private output = '';
  private isStopping = false;

  private constructor(
    private readonly child: ChildProcess,
    /** Set once it listens. */
    public port = 0,
  ) {
    this.died = new Promise((_, reject) => {
      child.once('exit', (code, signal) => {
        if (!this.isStopping) reject(new Error(`The server has ended: ${code ?? signal}\n${this.output}`));
      });
    });
    // Whoever works with it races it; before and after that nobody has to hear of it.
    this.died.catch(() => undefined);
  }

  /** Resolves once the server listens. */
  static async start({ executable, args, env, cwd }: ServerCommand): Promise<ServerProcess> {
    const child = spawn(executable, args, {
      cwd,
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    noteProcess(child);
    const server = new ServerProcess(child);
    child.on('error', (error) => server.note(error.message));
    // Once it listens only read and dropped, as by a pipe into a log shipper.
    child.stdout.on('data', (chunk) => server.port === 0 && server.note(String(chunk)));
    child.stderr.on('data', (chunk) => server.note(String(chunk)));
    await server.listening();
    return server;
  }

  get pid(): number {
    return this.child.pid!;
  }

  usage(): Usage | null {
    return usageOf([this.pid]);
  }

  /** The same once garbage has been collected, so that memory tells what is kept. */
  async settledUsage(): Promise<Usage | null> {
    this.child.kill('SIGUSR2');
    await delay(COLLECT_MS);
    return this.usage();
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.isStopping = true;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
  }

  private async listening(): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (this.port === 0) {
      const hasEnded = this.child.exitCode !== null || this.child.signalCode !== null;
      if (hasEnded || performance.now() > deadline) {
        this.child.kill('SIGKILL');
        throw new Error(`The server does not start:\n${this.output}`);
      }
      await delay(20);
    }
  }

  private note(text: string): void {
    this.output = (this.output + text).slice(-OUTPUT_MAX_CHARS);
    if (this.port === 0) this.port = Number(/"msg":"Listening".*"port":(\d+)/.exec(this.output)?.[1] ?? 0);
  }
}
