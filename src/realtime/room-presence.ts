import type { Cancel, Clock } from '../common/clock';
import type { PresenceData } from '../protocol/frames';
import type { PresenceState, PresentUser } from '../protocol/models';
import type { Connection } from './connection';
import { encodeFrame } from './fan-out';

export interface PresenceOptions {
  /** Users online up to which they are listed; beyond, they are only counted. */
  usersMax: number;
  /** Least time between two frames about what changed. */
  intervalMs: number;
  /** How long a user without a reader still counts as present. */
  graceMs: number;
}

interface Occupant {
  user: PresentUser;
  /** Readers through which the user is here; none during the grace. */
  readers: number;
}

/** The last word about a user since the readers were told. */
interface News {
  user: PresentUser;
  isPresent: boolean;
}

/**
 * Who is present in one room, and what its readers are told of it.
 *
 * A reader is shown everybody once; afterwards all hear what changed, encoded once, at most once an interval. What is
 * told is absolute (someone is here, or is not), so it may overlap with what a newcomer was shown. A reader who cannot
 * take more misses the differences and is shown everybody again when it can.
 */
export class RoomPresence {
  private readonly occupants = new Map<number, Occupant>();
  private readonly readers = new Set<Connection>();
  /** Readers that missed something. */
  private readonly behind = new Set<Connection>();
  /** Users without a reader, by when that began (monotonic milliseconds), the longest first. */
  private readonly absentSince = new Map<number, number>();
  private readonly news = new Map<number, News>();
  /** Whether all readers have been given the list that `news` is the difference to. */
  private isListKnown = true;
  private encodedState: Buffer | null = null;
  private cancelTick: Cancel | null = null;

  constructor(
    private readonly roomId: number,
    private readonly clock: Clock,
    private readonly options: PresenceOptions,
    /** Called when nobody is present any more. */
    private readonly emptied: () => void,
  ) {}

  get state(): PresenceState {
    const count = this.occupants.size;
    if (count > this.options.usersMax) return { count };
    return { count, users: this.users };
  }

  get users(): PresentUser[] {
    return [...this.occupants.values()].map(({ user }) => user);
  }

  /** Counts a reader in and shows it who is present. */
  enter(connection: Connection): void {
    if (!this.readers.has(connection)) {
      this.readers.add(connection);
      this.come({ id: connection.principal.userId, username: connection.principal.username });
    }
    this.show(connection);
  }

  /** Counts a reader out. Its user stays present for the grace, or as long as there are others of the same user. */
  leave(connection: Connection): void {
    if (this.readers.delete(connection)) this.go(connection.principal.userId);
  }

  /** Ends the grace of a user. */
  forget(userId: number): void {
    if (this.absentSince.delete(userId)) this.drop(userId);
  }

  rename(userId: number, username: string): void {
    const occupant = this.occupants.get(userId);
    if (!occupant || occupant.user.username === username) return;
    occupant.user = { id: userId, username };
    this.note(occupant.user, true);
  }

  close(): void {
    this.cancelTick?.();
    this.readers.clear();
  }

  private come(user: PresentUser): void {
    const occupant = this.occupants.get(user.id);
    if (occupant) {
      occupant.readers += 1;
      this.absentSince.delete(user.id);
    } else {
      this.occupants.set(user.id, { user, readers: 1 });
      this.note(user, true);
    }
  }

  private go(userId: number): void {
    const occupant = this.occupants.get(userId)!;
    occupant.readers -= 1;
    if (occupant.readers > 0) return;
    this.absentSince.set(userId, this.clock.monotonic());
    this.tickLater();
  }

  private drop(userId: number): void {
    const { user } = this.occupants.get(userId)!;
    this.occupants.delete(userId);
    this.note(user, false);
  }

  private note(user: PresentUser, isPresent: boolean): void {
    this.news.set(user.id, { user, isPresent });
    this.encodedState = null;
    this.tickLater();
  }

  private tickLater(): void {
    this.cancelTick ??= this.clock.after(this.options.intervalMs, () => this.tick());
  }

  private tick(): void {
    const now = this.clock.monotonic();
    for (const [userId, since] of this.absentSince) {
      if (now - since < this.options.graceMs) break;
      this.forget(userId);
    }
    if (this.news.size > 0) this.tell();
    // Only now: what this tick has found out needs no other.
    this.cancelTick = null;
    if (this.absentSince.size > 0) this.tickLater();
    else if (this.occupants.size === 0) this.emptied();
  }

  private tell(): void {
    const isListed = this.occupants.size <= this.options.usersMax;
    const bytes = isListed && this.isListKnown ? this.encode(this.difference()) : this.stateFrame();
    this.isListKnown = isListed;
    this.news.clear();
    for (const reader of this.readers) this.write(reader, bytes);
  }

  private show(connection: Connection): void {
    // One that is counted only cannot follow differences: should the room shrink, everybody is told the list.
    if (this.occupants.size > this.options.usersMax) this.isListKnown = false;
    this.write(connection, this.stateFrame());
  }

  private write(connection: Connection, bytes: Buffer): void {
    if (!connection.isCongested) connection.write(bytes);
    else if (!this.behind.has(connection)) {
      this.behind.add(connection);
      void connection.drained().then(() => {
        this.behind.delete(connection);
        if (this.readers.has(connection)) this.show(connection);
      });
    }
  }

  private difference(): Omit<PresenceData, 'room_id'> {
    const news = [...this.news.values()];
    const joined = news.filter(({ isPresent }) => isPresent).map(({ user }) => user);
    const left = news.filter(({ isPresent }) => !isPresent).map(({ user }) => user);
    return {
      count: this.occupants.size,
      ...(joined.length > 0 && { joined }),
      ...(left.length > 0 && { left }),
    };
  }

  /** Encoded once, however many come while nothing changes. */
  private stateFrame(): Buffer {
    return (this.encodedState ??= this.encode(this.state));
  }

  private encode(data: Omit<PresenceData, 'room_id'>): Buffer {
    return encodeFrame({ type: 'presence', data: { room_id: this.roomId, ...data } });
  }
}
