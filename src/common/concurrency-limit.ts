/**
 * Work of which each key, a user say, has at most so much under way at once. More waits its turn, first come first
 * served, and takes nothing from other keys meanwhile.
 */
export class ConcurrencyLimit<K> {
  /** What waits, of each key that has something under way. */
  private readonly lines = new Map<K, { underWay: number; turns: (() => void)[] }>();

  constructor(private readonly max: number) {}

  /** What `work` gives, or fails with, once it has had its turn. */
  async run<T>(key: K, work: () => Promise<T>): Promise<T> {
    const line = this.lines.get(key) ?? { underWay: 0, turns: [] };
    this.lines.set(key, line);
    // Whoever ends gives its place on.
    if (line.underWay >= this.max) await new Promise<void>((turn) => line.turns.push(turn));
    else line.underWay += 1;
    try {
      return await work();
    } finally {
      const next = line.turns.shift();
      if (next) next();
      else if (--line.underWay === 0) this.lines.delete(key);
    }
  }
}
