/** What a task may leave behind: work that the next `message` need not wait for. */
export type Settling = Promise<void>;

export interface LaneTask {
  /**
   * Resolves when the next task may start. A message resolves once it stands in line for its commit, with the promise
   * of the commit (wrapped, since a bare one would be awaited too), so that one sender's messages share commits; their order is kept by the line itself.
   */
  run(): Promise<{ settling: Settling } | void>;
  /** Whether the task may start while earlier messages are still being committed. */
  isPipelined: boolean;
  /** Memory that the task holds while it waits. */
  bytes: number;
}

const TASKS_HIGH = 256;
const TASKS_LOW = 64;
const BYTES_HIGH = 256 * 1024;
const BYTES_LOW = 64 * 1024;
/** Commits of one client under way at once. */
const SETTLING_MAX = 256;

/** The client, as its lane sees it. */
export interface LaneFlow {
  pauseReading(): void;
  resumeReading(): void;
  /** Whether so much is unsent that `drained` has to be waited for. */
  readonly isCongested: boolean;
  /** Resolves when the client has taken enough of what was written to it. */
  drained(): Promise<void>;
  fail(error: unknown): void;
}

/**
 * One client's inbound work, strictly in the order of arrival. It takes the next task only when the client can take
 * the answers to the last ones, and asks for reading to pause when too much waits, so a client that sends and never
 * reads, or sends faster than the log stores, is slowed down and costs no memory.
 */
export class InboundLane {
  private readonly tasks: LaneTask[] = [];
  /** Commits under way. */
  private settling = 0;
  /** Who waits for one of them to end. */
  private whenSettled: (() => void)[] | null = null;
  private running: Promise<void> | null = null;
  private waitingBytes = 0;
  private isPaused = false;
  private isStopped = false;
  private isDropping = false;

  constructor(private readonly flow: LaneFlow) {}

  /** Tasks that wait. */
  get length(): number {
    return this.tasks.length;
  }

  push(task: LaneTask): void {
    if (this.isStopped) return;
    if (!this.running) {
      this.running = this.run(task);
      return;
    }
    this.tasks.push(task);
    this.waitingBytes += task.bytes;
    if (!this.isPaused && (this.tasks.length >= TASKS_HIGH || this.waitingBytes >= BYTES_HIGH)) {
      this.isPaused = true;
      this.flow.pauseReading();
    }
  }

  /** Whether reading is paused because too much waits. */
  get isBackedUp(): boolean {
    return this.isPaused;
  }

  /** For the task in hand: resolves when the commits of all messages before it have ended, and been answered. */
  async commitsEnded(): Promise<void> {
    while (this.settling > 0) await this.oneSettled();
  }

  /** Takes no more tasks and drops those that have not begun. */
  stop(): void {
    this.isStopped = true;
    this.isDropping = true;
    this.tasks.length = 0;
    this.waitingBytes = 0;
  }

  /** Takes no more tasks; resolves when those taken are done. */
  async finish(): Promise<void> {
    this.isStopped = true;
    await this.idle();
  }

  private async run(first: LaneTask): Promise<void> {
    // So that `running` is set before the first task begins, whatever that pushes.
    await Promise.resolve();
    for (let task: LaneTask | undefined = first; task; task = this.next()) {
      try {
        while (this.settling >= (task.isPipelined ? SETTLING_MAX : 1)) await this.oneSettled();
        if (this.flow.isCongested) await this.flow.drained();
        if (this.isDropping) break;
        const left = await task.run();
        if (left) this.track(left.settling);
      } catch (error) {
        this.flow.fail(error);
      }
    }
    // In the same turn as the last look at the queue: a task that comes a turn later begins anew.
    this.running = null;
    // Gives back the room for tasks that an array keeps when it is emptied one by one.
    this.tasks.length = 0;
  }

  /** Takes the next of those that wait, and reads on when few are left. */
  private next(): LaneTask | undefined {
    const task = this.tasks.shift();
    if (!task) return undefined;
    this.waitingBytes -= task.bytes;
    if (this.isPaused && this.tasks.length <= TASKS_LOW && this.waitingBytes <= BYTES_LOW) {
      this.isPaused = false;
      this.flow.resumeReading();
    }
    return task;
  }

  /** Resolves when everything that was started is done. */
  private async idle(): Promise<void> {
    await this.running;
    await this.commitsEnded();
  }

  private track(settling: Settling): void {
    this.settling += 1;
    settling.then(
      () => this.settled(),
      (error: unknown) => {
        this.flow.fail(error);
        this.settled();
      },
    );
  }

  private settled(): void {
    this.settling -= 1;
    const waiting = this.whenSettled;
    this.whenSettled = null;
    waiting?.forEach((resolve) => resolve());
  }

  private oneSettled(): Promise<void> {
    return new Promise((resolve) => (this.whenSettled ??= []).push(resolve));
  }
}
