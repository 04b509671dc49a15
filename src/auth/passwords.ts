import { join } from 'node:path';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { ChatError } from '../common/chat-error';
import { isPassword } from '../common/validation/account-rules';
import { AppConfig } from '../config/app-config';
import { Metrics } from '../health/metrics';

/** bcrypt's logarithmic cost: about 100 ms a hash. */
const COST = 10;
/** The least that bcrypt allows: tests make many accounts. */
const TEST_COST = 4;
const IDLE_TIMEOUT_MS = 60_000;
/** What a waiting hash costs in the order of magnitude; a hint for whoever is sent away. */
const RETRY_AFTER_MS = 1_000;

/**
 * Hashes and checks passwords in worker threads, since bcrypt on the event loop would stop the chat.
 *
 * Every job beyond the threads waits; with `passwordQueueMax` waiting, the next is refused with
 * `server_busy` rather than queued.
 */
@Injectable()
export class Passwords implements OnApplicationShutdown {
  private readonly pool: Piscina;
  private readonly jobsMax: number;
  private jobs = 0;
  private readonly cost: number;
  private readonly nobodysHash: string;

  constructor(config: AppConfig, metrics: Metrics) {
    metrics.observe('password_queue', () => Math.max(0, this.jobs - config.passwordWorkers));
    this.cost = config.environment === 'test' ? TEST_COST : COST;
    this.pool = new Piscina({
      filename: join(__dirname, 'password.worker.js'),
      minThreads: 0,
      maxThreads: config.passwordWorkers,
      idleTimeout: IDLE_TIMEOUT_MS,
    });
    this.jobsMax = config.passwordWorkers + config.passwordQueueMax;
    // Well-formed, so it costs a whole comparison; no password has it.
    this.nobodysHash = `$2b$${String(this.cost).padStart(2, '0')}$${'.'.repeat(53)}`;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.destroy();
  }

  hash(password: string): Promise<string> {
    return this.run('hash', { password, cost: this.cost });
  }

  /** Compares with `hash`, or with nobody's at the same cost: an unknown user takes as long as a wrong password. */
  async matches(password: string, hash: string | null): Promise<boolean> {
    const isComparable = hash !== null && isPassword(password);
    const matches = await this.run<boolean>('matches', {
      password: isComparable ? password : '',
      hash: isComparable ? hash : this.nobodysHash,
    });
    return matches && isComparable;
  }

  private async run<Result>(name: 'hash' | 'matches', task: object): Promise<Result> {
    if (this.jobs >= this.jobsMax) throw new ChatError('server_busy', { retryAfterMs: RETRY_AFTER_MS });

    this.jobs++;
    try {
      return (await this.pool.run(task, { name })) as Result;
    } finally {
      this.jobs--;
    }
  }
}
