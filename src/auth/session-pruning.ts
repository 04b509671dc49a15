import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../common/clock';
import { Recurring } from '../common/recurring';
import { SessionRepository } from './session.repository';

const RHYTHM = { intervalMs: 3_600_000, jitterMs: 600_000, retryMs: 600_000, random: Math.random };
/** Ended sessions stay this long, so that a token of theirs is still told from one that never was. */
const KEPT_MS = 24 * 3_600_000;

/** Removes sessions that ended long ago, with their refresh tokens, about every hour. */
@Injectable()
export class SessionPruning implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(SessionPruning.name);
  private readonly recurring: Recurring;

  constructor(
    private readonly sessions: SessionRepository,
    private readonly clock: Clock,
  ) {
    this.recurring = new Recurring(
      clock,
      RHYTHM,
      () => this.prune(),
      (error) => this.logger.warn(`Old sessions could not be removed: ${String(error)}`),
    );
  }

  onApplicationBootstrap(): void {
    this.recurring.start();
  }

  onModuleDestroy(): void {
    this.recurring.stop();
  }

  async prune(): Promise<void> {
    await this.sessions.pruneSessions(new Date(this.clock.now() - KEPT_MS));
  }
}
