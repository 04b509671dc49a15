import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Cancel, Clock } from '../common/clock';
import { SessionRepository } from './session.repository';

const EVERY_MS = 3_600_000;
/** Ended sessions stay this long, so that a token of theirs is still told from one that never was. */
const KEPT_MS = 24 * 3_600_000;

/** Removes sessions that ended long ago, with their refresh tokens, every hour. */
@Injectable()
export class SessionPruning implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(SessionPruning.name);
  private cancel: Cancel = () => undefined;

  constructor(
    private readonly sessions: SessionRepository,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.cancel = this.clock.after(EVERY_MS, () => void this.run());
  }

  onModuleDestroy(): void {
    this.cancel();
  }

  private async run(): Promise<void> {
    try {
      await this.prune();
    } catch (error) {
      this.logger.warn(`Old sessions could not be removed: ${String(error)}`);
    }
    this.onApplicationBootstrap();
  }

  async prune(): Promise<void> {
    await this.sessions.pruneSessions(new Date(this.clock.now() - KEPT_MS));
  }
}
