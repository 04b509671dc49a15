import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../common/clock';
import { Recurring } from '../common/recurring';
import { Metrics } from '../health/metrics';
import { type Backlog, MESSAGES_AT_ONCE, SearchIndexRepository } from './search-index.repository';

const RHYTHM = { intervalMs: 1_000, jitterMs: 200, retryMs: 10_000, random: Math.random };

/**
 * Brings the words of messages into the search's index about once a second, beside the appends. Each node does, for all of
 * them, one at a time.
 */
@Injectable()
export class SearchIndexing implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(SearchIndexing.name);
  private readonly recurring: Recurring;
  private isStopping = false;
  /** The backlog of which nothing was due. */
  private undue: Backlog | null = null;
  private waitingMessages = 0;

  constructor(
    private readonly index: SearchIndexRepository,
    clock: Clock,
    metrics: Metrics,
  ) {
    metrics.observe('search_backlog', () => this.waitingMessages);
    this.recurring = new Recurring(
      clock,
      RHYTHM,
      () => this.workOff(),
      (error) => {
        if (!this.isStopping) this.logger.warn(`New messages wait for the search's index: ${String(error)}`);
      },
    );
  }

  onApplicationBootstrap(): void {
    this.recurring.start();
  }

  onModuleDestroy(): void {
    this.isStopping = true;
    this.recurring.stop();
  }

  /** Works off what is due, if anything is new. What comes meanwhile is due next time, if it is little. */
  async workOff(): Promise<void> {
    let taken: number | null;
    do {
      const backlog = await this.index.backlog();
      this.waitingMessages = backlog.messages;
      if (backlog.messages === this.undue?.messages && backlog.newest === this.undue.newest) return;
      taken = await this.index.takeIn();
      this.undue = taken === 0 ? backlog : null;
    } while (!this.isStopping && taken !== null && taken >= MESSAGES_AT_ONCE);
  }
}
