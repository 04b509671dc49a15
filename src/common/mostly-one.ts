/**
 * A map for one entry mostly, seldom for more. The one stands in the object itself: 48 bytes, of which a `Map` takes 184
 * as soon as it has an entry. What it does is what a `Map` does, in the same order.
 */
export class MostlyOne<K, V extends object> {
  private key: K | undefined;
  private value: V | undefined;
  /** All entries, once there have been two at a time. */
  private many: Map<K, V> | null = null;

  get size(): number {
    return this.many?.size ?? (this.value === undefined ? 0 : 1);
  }

  get(key: K): V | undefined {
    if (this.many) return this.many.get(key);
    return this.key === key ? this.value : undefined;
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  set(key: K, value: V): void {
    if (this.many) {
      this.many.set(key, value);
    } else if (this.value === undefined || this.key === key) {
      this.key = key;
      this.value = value;
    } else {
      this.many = new Map([
        [this.key!, this.value],
        [key, value],
      ]);
      this.forgetOne();
    }
  }

  delete(key: K): void {
    if (this.many) this.many.delete(key);
    else if (this.key === key) this.forgetOne();
  }

  clear(): void {
    this.many = null;
    this.forgetOne();
  }

  /** The values as of now. */
  values(): V[] {
    if (this.many) return [...this.many.values()];
    return this.value === undefined ? [] : [this.value];
  }

  private forgetOne(): void {
    this.key = undefined;
    this.value = undefined;
  }
}
