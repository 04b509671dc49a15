import { Logger } from '@nestjs/common';
import { toChatError } from '../database/database-error';

/** So many new messages make a list of about 250 KB, which costs a search little to look through. */
const WORK_OFF_AFTER = 1000;

/**
 * The words of new messages on their way into the search's index.
 *
 * PostgreSQL gathers them in a list that searches look through, too. Left alone, the list grows to 4 MB, of some 15,000
 * messages, and then the append that finds it full works it off and keeps everyone waiting for about 100 ms. Here it is
 * worked off early and beside the appends.
 */
export class PendingWords {
  private readonly logger = new Logger(PendingWords.name);
  private messages = 0;
  private working: Promise<void> | null = null;
  private isGivenUp = false;

  constructor(private readonly workOff: () => Promise<unknown>) {}

  /** Counts messages that have been stored. */
  add(messages: number): void {
    this.messages += messages;
    if (this.messages < WORK_OFF_AFTER || this.working || this.isGivenUp) return;
    this.messages = 0;
    this.working = this.tryWorkOff().finally(() => {
      this.working = null;
    });
  }

  /** Resolves when nothing is being worked off. */
  async idle(): Promise<void> {
    await this.working;
  }

  private async tryWorkOff(): Promise<void> {
    try {
      await this.workOff();
    } catch (error) {
      if (toChatError(error).code === 'database_unavailable') return;
      // Somebody else owns the index: PostgreSQL goes its own way.
      this.isGivenUp = true;
      this.logger.warn(`New messages may wait for the search's index: ${(error as Error).message}`);
    }
  }
}
