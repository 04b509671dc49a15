/** A call that waits at a gate. */
export interface Held {
  /** Does the work now; the caller is answered later. What it saw, or did, is from this moment. */
  look(): void;
  /** Answers the caller, doing the work now unless it has been done. */
  answer(): void;
  /** Fails the caller, whether the work has been done or not. */
  fail(error?: Error): void;
}

/** Stands between calls and their answers: open, until a test holds them up or lets them fail. */
export class Gate {
  /** Calls so far. */
  calls = 0;
  /** Calls that wait, oldest first. */
  readonly waiting: Held[] = [];
  private isHolding = false;
  private readonly failures: Error[] = [];

  /** Lets the next calls fail, `times` of them. */
  failNext(times = 1, error = new Error('out of reach')): void {
    for (let i = 0; i < times; i++) this.failures.push(error);
  }

  /** Holds up every call from now on. */
  hold(): void {
    this.isHolding = true;
  }

  /** Answers what waits and lets later calls pass. */
  open(): void {
    this.isHolding = false;
    for (const held of [...this.waiting]) held.answer();
  }

  async pass<T>(work: () => T): Promise<T> {
    this.calls += 1;
    const failure = this.failures.shift();
    if (failure) throw failure;
    return this.isHolding ? this.wait(work) : work();
  }

  private wait<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      let done: { result: T } | null = null;
      const leave = () => this.waiting.splice(this.waiting.indexOf(held), 1);
      const look = () => (done ??= { result: work() });
      const held: Held = {
        look: () => void look(),
        answer: () => {
          leave();
          resolve(look().result);
        },
        fail: (error = new Error('out of reach')) => {
          leave();
          reject(error);
        },
      };
      this.waiting.push(held);
    });
  }
}
