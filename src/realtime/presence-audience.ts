import type { PresenceData } from '../protocol/frames';
import type { PresenceState, PresentUser } from '../protocol/models';
import type { Connection } from './connection';
import { encodeFrame } from './fan-out';

/** Who is present, as the audience is to be told. */
export interface PresenceView {
  readonly count: number;
  /** Whether they are few enough to be listed. */
  readonly isListed: boolean;
  readonly state: PresenceState;
}

/**
 * The readers of one room, and what they have been told of who is present in it.
 *
 * A reader is shown everybody once; afterwards all hear what changed, encoded once. What is told is absolute (someone is
 * here, or is not), so it may overlap with what a newcomer was shown. A reader who cannot take more misses the
 * differences and is shown everybody again when it can.
 */
export class PresenceAudience {
  private readonly readers = new Set<Connection>();
  /** Readers that missed something. */
  private readonly behind = new Set<Connection>();
  /** Readers that are shown everybody once it is known who is there; null when it is. */
  private waiting: Set<Connection> | null = null;
  /** The last word about each user since the readers were told: who is there, or is not. */
  private readonly news = new Map<number, { user: PresentUser; isPresent: boolean }>();
  /** False once some reader was shown only a count, and so cannot follow differences. */
  private isListKnown = true;
  /** The count that all readers were told last; null if some were shown another. */
  private toldCount: number | null = null;
  private encodedState: Buffer | null = null;

  constructor(
    private readonly roomId: number,
    private readonly view: PresenceView,
  ) {}

  /** Whether there is something to tell. */
  get hasNews(): boolean {
    return this.news.size > 0 || this.view.count !== this.toldCount;
  }

  /** False if it has been added before. */
  add(reader: Connection): boolean {
    if (this.readers.has(reader)) return false;
    this.readers.add(reader);
    return true;
  }

  /** False if it is none. */
  remove(reader: Connection): boolean {
    return this.readers.delete(reader);
  }

  clear(): void {
    this.readers.clear();
  }

  /** Has newcomers wait until `settle`: it is being asked who is there. */
  wait(): void {
    this.waiting ??= new Set();
  }

  settle(): void {
    const waiting = this.waiting ?? [];
    this.waiting = null;
    for (const reader of waiting) if (this.readers.has(reader)) this.show(reader);
  }

  /** Shows a reader everybody. */
  show(reader: Connection): void {
    if (this.waiting) {
      this.waiting.add(reader);
      return;
    }
    const { isListed, count } = this.view;
    // One that is counted only cannot follow differences: should the room shrink, everybody is told the list.
    if (!isListed) this.isListKnown = false;
    if (count !== this.toldCount) this.toldCount = null;
    this.write(reader, this.stateFrame());
  }

  /** Somebody has come, or has another name, or is gone. */
  note(user: PresentUser, isPresent: boolean): void {
    this.news.set(user.id, { user, isPresent });
  }

  /** What the view shows has changed. */
  outdate(): void {
    this.encodedState = null;
  }

  /** Tells all what they do not know yet. */
  tell(): void {
    const { isListed, count } = this.view;
    const isNews = isListed ? this.news.size > 0 || !this.isListKnown : count !== this.toldCount;
    if (isNews) {
      const bytes = isListed && this.isListKnown ? this.encode(this.difference()) : this.stateFrame();
      for (const reader of this.readers) if (!this.waiting?.has(reader)) this.write(reader, bytes);
    }
    this.isListKnown = isListed;
    this.toldCount = count;
    this.news.clear();
  }

  private write(reader: Connection, bytes: Buffer): void {
    if (!reader.isCongested) reader.write(bytes);
    else if (!this.behind.has(reader)) {
      this.behind.add(reader);
      void reader.drained().then(() => {
        this.behind.delete(reader);
        if (this.readers.has(reader)) this.show(reader);
      });
    }
  }

  private difference(): Omit<PresenceData, 'room_id'> {
    const news = [...this.news.values()];
    const joined = news.filter(({ isPresent }) => isPresent).map(({ user }) => user);
    const left = news.filter(({ isPresent }) => !isPresent).map(({ user }) => user);
    return {
      count: this.view.count,
      ...(joined.length > 0 && { joined }),
      ...(left.length > 0 && { left }),
    };
  }

  /** Encoded once, however many come while nothing changes. */
  private stateFrame(): Buffer {
    return (this.encodedState ??= this.encode(this.view.state));
  }

  private encode(data: Omit<PresenceData, 'room_id'>): Buffer {
    return encodeFrame({ type: 'presence', data: { room_id: this.roomId, ...data } });
  }
}
