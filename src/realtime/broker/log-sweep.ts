import type { Cancel, Clock } from '../../common/clock';
import type { LogTails, RoomLog } from '../room-log';

/** While announcements come through, they bring the news: the sweep is for those that were lost. */
const INTERVAL_MS = 800;
/** Without announcements the sweep brings the news, less than a second late. */
const ALONE_INTERVAL_MS = 500;
/** A node that follows very many rooms asks less often, so that asking stays cheap: a thousand rooms a second. */
const MS_PER_ROOM = 1;
/**
 * The sweep may see a commit before its own node has heard of it: it is given so long to be announced.
 */
const ANNOUNCED_WITHIN_MS = 50;

export interface SweepOptions {
  /** Where this node stands in the rooms that are read here. */
  positions(): ReadonlyMap<number, number>;
  isBrokerUp(): boolean;
  /**
   * Takes what the log says of the positions that it was asked with. What it has moved on by may have been announced
   * meanwhile.
   */
  found(tails: LogTails, positions: ReadonlyMap<number, number>): void;
  /** Called when the log could not be asked, or `found` threw; the next tick asks again. Must not throw. */
  failed(error: unknown): void;
}

/**
 * Asks the log, again and again and with one query for all rooms, which of them have moved on: what the nodes do not
 * tell each other comes to light within a second.
 */
export class LogSweep {
  private readonly due = new Set<number>();
  private isLooking = false;
  private cancelTick: Cancel | null = null;
  private isStopped = false;

  constructor(
    private readonly log: RoomLog,
    private readonly clock: Clock,
    private readonly options: SweepOptions,
  ) {}

  start(): void {
    this.tickLater();
  }

  stop(): void {
    this.isStopped = true;
    this.cancelTick?.();
  }

  /** Looks at all rooms, now. */
  lookAtAll(): void {
    for (const roomId of this.options.positions().keys()) this.due.add(roomId);
    void this.look();
  }

  /** Looks at one room, now; what is asked for at the same time is one query. */
  lookAt(roomId: number): void {
    this.due.add(roomId);
    void this.look();
  }

  private tickLater(): void {
    const slowedMs = Math.max(INTERVAL_MS, this.options.positions().size * MS_PER_ROOM);
    const delayMs = this.options.isBrokerUp() ? slowedMs : ALONE_INTERVAL_MS;
    this.cancelTick = this.clock.after(delayMs, () => {
      this.tickLater();
      this.lookAtAll();
    });
  }

  /** One query at a time: a database that answers slowly is not asked twice. */
  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      while (this.due.size > 0 && !this.isStopped) {
        const positions = this.options.positions();
        const asked = new Map([...positions].filter(([roomId]) => this.due.has(roomId)));
        this.due.clear();
        if (asked.size > 0) await this.ask(asked);
      }
    } catch (error) {
      if (!this.isStopped) this.options.failed(error);
    } finally {
      this.isLooking = false;
    }
  }

  private async ask(positions: ReadonlyMap<number, number>): Promise<void> {
    const tails = await this.log.movedOn(positions);
    if (tails.lastSeqs.size > 0) await this.clock.pause(ANNOUNCED_WITHIN_MS);
    if (!this.isStopped) this.options.found(tails, positions);
  }
}
