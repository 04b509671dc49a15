interface ReadUnderWay<Value> {
  /** How often what it reads has changed meanwhile. */
  changes: number;
  value?: Promise<Value>;
}

/**
 * Reads of what is kept in memory afterwards, each shared by all who ask for its key while it is under way.
 *
 * Tell of each change: what was being read then is read again, so what is answered, and kept, was read after the last
 * change that this node knew of.
 */
export class ReadsUnderWay<Value> {
  private readonly reads = new Map<string, ReadUnderWay<Value>>();

  /** What `read` gives, or fails with. `keep` has it before anybody else, and only what no change has outdated. */
  read(key: string, read: () => Promise<Value>, keep: (value: Value) => void): Promise<Value> {
    const underWay = this.reads.get(key);
    if (underWay?.value) return underWay.value;

    const begun: ReadUnderWay<Value> = { changes: 0 };
    this.reads.set(key, begun);
    begun.value = this.settle(key, begun, read, keep);
    return begun.value;
  }

  /** What `key` stands for has changed. */
  changed(key: string): void {
    const underWay = this.reads.get(key);
    if (underWay) underWay.changes++;
  }

  /** What all these keys stand for has changed. */
  changedWhere(isConcerned: (key: string) => boolean): void {
    for (const [key, underWay] of this.reads) if (isConcerned(key)) underWay.changes++;
  }

  private async settle(
    key: string,
    underWay: ReadUnderWay<Value>,
    read: () => Promise<Value>,
    keep: (value: Value) => void,
  ): Promise<Value> {
    try {
      for (;;) {
        const { changes } = underWay;
        const value = await read();
        if (underWay.changes !== changes) continue;
        keep(value);
        return value;
      }
    } finally {
      this.reads.delete(key);
    }
  }
}
