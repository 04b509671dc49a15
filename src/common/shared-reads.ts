/**
 * Reads of the same thing that are asked for in one turn of the event loop, as one read.
 *
 * It begins when the turn is over, so after everyone has asked: nobody is given what was read before their question,
 * and nobody waits for a read that began without them. What it gives, or fails with, goes to all of them; it is for
 * reading alone.
 */
export class SharedReads<T> {
  private readonly asked = new Map<string, Promise<T>>();

  /** What `read` gives; only the first of a turn is called. */
  read(key: string, read: () => Promise<T>): Promise<T> {
    const shared = this.asked.get(key) ?? this.afterThisTurn(key).then(read);
    this.asked.set(key, shared);
    return shared;
  }

  private afterThisTurn(key: string): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(() => {
        this.asked.delete(key);
        resolve();
      });
    });
  }
}
