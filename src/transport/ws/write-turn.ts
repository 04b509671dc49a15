/** Something that gathers what is written to it until it is told to let it go. */
export interface Gathering {
  /** Lets go of what was gathered; does nothing if there is nothing. */
  release(): void;
}

/**
 * The sockets that were written to in this turn of the event loop. They leave behind the promises of the turn, so what
 * those write goes out in the same system call. Sockets that are answered go first: whoever waits for an answer may
 * have more to say, and says it while the others are still being written to.
 */
export class WriteTurn {
  private answered: Gathering[] = [];
  private others: Gathering[] = [];
  private isScheduled = false;

  /** Adds a socket, also one that is here already and is now answered, too. */
  add(socket: Gathering, isAnswered: boolean): void {
    (isAnswered ? this.answered : this.others).push(socket);
    if (this.isScheduled) return;
    this.isScheduled = true;
    process.nextTick(() => this.end());
  }

  private end(): void {
    const { answered, others } = this;
    this.answered = [];
    this.others = [];
    this.isScheduled = false;
    for (const socket of answered) socket.release();
    for (const socket of others) socket.release();
  }
}
