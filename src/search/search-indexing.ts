import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../common/clock';
import { Recurring } from '../common/recurring';
import { SearchIndexRepository } from './search-index.repository';

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
  /** The newest row of the backlog when nothing of it was due. */
  private seen: number | null = null;

  constructor(
    private readonly index: SearchIndexRepository,
    clock: Clock,
  ) {
    this.recurring = new Recurring(
      clock,
      RHYTHM,
      () => this.workOff(),
      (error) => this.logger.warn(`New messages wait for the search's index: ${String(error)}`),
    );
  }

  onApplicationBootstrap(): void {
    this.recurring.start();
  }

  onModuleDestroy(): void {
    this.isStopping = true;
    this.recurring.stop();
  }

  /** Works off what is due, if anything is new. */
  async workOff(): Promise<void> {
    const newest = await this.index.newest();
    if (newest === this.seen) return;
    while (!this.isStopping && (await this.index.takeIn()) > 0);
    this.seen = newest;
  }
}
