import { ChatError } from './chat-error';
import type { Clock } from './clock';

/** With what the database may take it stays below the ten seconds within which a client must have its answer. */
const PATIENCE_MS = 2_000;
const RETRY_AFTER_MS = 1_000;

interface Line {
  underWay: number;
  /** Those who wait, in the order in which they came. Each gives one its turn. */
  turns: Set<() => void>;
}

/**
 * Work of which each key, a user say, has at most so much under way at once. More waits its turn, first come first
 * served, and takes nothing from other keys meanwhile. What has not had its turn after two seconds is refused.
 */
export class ConcurrencyLimit<K> {
  /** Of each key that has something under way. */
  private readonly lines = new Map<K, Line>();

  constructor(
    private readonly max: number,
    private readonly clock: Clock,
  ) {}

  /** What `work` gives, or fails with, once it has had its turn. Throws `server_busy` if that does not come. */
  async run<T>(key: K, work: () => Promise<T>): Promise<T> {
    const line = this.lines.get(key) ?? { underWay: 0, turns: new Set() };
    this.lines.set(key, line);
    // Work that ends gives its place to the next that waits, so `underWay` stays what it is.
    if (line.underWay >= this.max) await this.turnIn(line);
    else line.underWay += 1;
    try {
      return await work();
    } finally {
      const [next] = line.turns;
      if (next) next();
      else if (--line.underWay === 0) this.lines.delete(key);
    }
  }

  private turnIn({ turns }: Line): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = () => {
        cancel();
        turns.delete(turn);
        resolve();
      };
      const cancel = this.clock.after(PATIENCE_MS, () => {
        turns.delete(turn);
        reject(new ChatError('server_busy', { retryAfterMs: RETRY_AFTER_MS }));
      });
      turns.add(turn);
    });
  }
}
