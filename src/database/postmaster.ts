import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Socket } from 'node:net';
import type { PostgresHome } from './postgres-home';

/** How long a stop may take until it is forced, and then until it is given up. */
const STOP_TIMEOUT_MS = 8_000;
const FORCED_STOP_TIMEOUT_MS = 2_000;
const LOG_TAIL_CHARS = 1_000;

/** Ends PostgreSQL when the pipe to this process closes: even a `kill -9` of the server leaves no database behind. */
const WATCHDOG = 'while read -r _; do :; done; kill -INT "$1" 2>/dev/null';

/** One run of the `postgres` program, with the watchdog that ends it if this process dies. */
export class Postmaster {
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  private readonly child: ChildProcess;
  private readonly watchdog: ChildProcess;
  private readonly logFile: string;
  private hasEnded = false;

  constructor(program: string, home: PostgresHome, settings: Record<string, string | number>) {
    this.logFile = join(home.directory, 'postgres.log');
    const log = openSync(this.logFile, 'w', 0o600);
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    // Detached: Ctrl-C in a terminal must reach the server alone, which then stops PostgreSQL in its turn.
    this.child = spawn(program, ['-D', home.data, ...args], {
      ...home.account,
      cwd: home.data,
      env: {},
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.watchdog = spawn('/bin/sh', ['-c', WATCHDOG, 'sh', String(this.child.pid)], {
      ...home.account,
      cwd: '/',
      env: {},
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.watchdog.on('error', () => undefined);
    this.watchdog.stdin?.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.hasEnded = true;
        this.watchdog.kill('SIGKILL');
        this.watchdog.stdin?.destroy();
        resolve();
      };
      this.child.once('exit', end);
      this.child.once('error', end);
    });
    this.child.unref();
    this.watchdog.unref();
    (this.watchdog.stdin as Socket | null)?.unref();
  }

  get isRunning(): boolean {
    return !this.hasEnded;
  }

  /** The last lines that PostgreSQL wrote, or why they cannot be read. */
  logTail(): string {
    try {
      return readFileSync(this.logFile, 'utf8').slice(-LOG_TAIL_CHARS).trim();
    } catch (error) {
      return String(error);
    }
  }

  /** Disconnects everyone, writes a checkpoint and ends; forces it when that takes too long. */
  async stop(): Promise<void> {
    this.child.ref();
    if (await this.endsAfter('SIGINT', STOP_TIMEOUT_MS)) return;
    if (await this.endsAfter('SIGQUIT', FORCED_STOP_TIMEOUT_MS)) return;
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private async endsAfter(signal: NodeJS.Signals, timeoutMs: number): Promise<boolean> {
    if (this.isRunning) this.child.kill(signal);
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
    await Promise.race([this.ended, timeout]);
    clearTimeout(timer);
    return !this.isRunning;
  }
}
