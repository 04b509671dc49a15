import type { Cancel, Clock } from '../common/clock';
import type { PresenceData } from '../protocol/frames';
import type { PresenceState, PresentUser } from '../protocol/models';
import type { Connection } from './connection';
import { encodeFrame } from './fan-out';
import { type NodeUsers, type PresenceNews, UsersElsewhere } from './users-elsewhere';

export interface PresenceOptions {
  /** Users online up to which they are listed; beyond, they are only counted. */
  usersMax: number;
  /** Least time between two frames about what changed. */
  intervalMs: number;
  /** How long a user without a reader still counts as present. */
  graceMs: number;
}

/** Who wants to know of one room's presence. Nothing here may throw. */
export interface PresenceWatcher {
  /** Others are present on this node now, or under other names. */
  changedHere(): void;
  /** Nobody is present on this node any more. */
  emptied(): void;
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
 * Who is present in one room, on this node or another, and what its readers here are told of it.
 *
 * A reader is shown everybody once; afterwards all hear what changed, encoded once, at most once an interval. What is
 * told is absolute (someone is here, or is not), so it may overlap with what a newcomer was shown. A reader who cannot
 * take more misses the differences and is shown everybody again when it can.
 */
export class RoomPresence {
  /** The users of this node. */
  private readonly occupants = new Map<number, Occupant>();
  private readonly elsewhere: UsersElsewhere;
  /** Everybody who is listed by some node, this one included, each once. */
  private readonly present = new Map<number, PresentUser>();
  private readonly readers = new Set<Connection>();
  /** Readers that missed something. */
  private readonly behind = new Set<Connection>();
  /** Readers that are shown everybody once the other nodes have answered; null when they have. */
  private waiting: Set<Connection> | null = null;
  /** Users without a reader, by when that began (monotonic milliseconds), the longest first. */
  private readonly absentSince = new Map<number, number>();
  private readonly news = new Map<number, News>();
  /** Whether all readers have been given the list that `news` is the difference to. */
  private isListKnown = true;
  /** The count that all readers were told last; null if some were shown another. */
  private toldCount: number | null = null;
  private countedUsers: number | null = null;
  private encodedState: Buffer | null = null;
  private cancelTick: Cancel | null = null;

  constructor(
    private readonly roomId: number,
    private readonly clock: Clock,
    private readonly options: PresenceOptions,
    private readonly watcher: PresenceWatcher,
  ) {
    this.elsewhere = new UsersElsewhere(options.usersMax);
  }

  get state(): PresenceState {
    if (!this.isListed) return { count: this.count };
    return { count: this.count, users: [...this.present.values()] };
  }

  /** The users of this node. */
  get usersHere(): PresentUser[] {
    return [...this.occupants.values()].map(({ user }) => user);
  }

  /** The same, as the other nodes are told of them. */
  get announced(): NodeUsers {
    if (this.occupants.size > this.options.usersMax) return this.occupants.size;
    return new Map([...this.occupants].map(([id, { user }]) => [id, user.username]));
  }

  /** Whether nobody of this node is present. */
  get isEmptyHere(): boolean {
    return this.occupants.size === 0;
  }

  /** From now on newcomers are shown nothing until `settle`: the other nodes have been asked who is there. */
  wait(): void {
    this.waiting ??= new Set();
  }

  settle(): void {
    const waiting = this.waiting ?? [];
    this.waiting = null;
    for (const reader of waiting) if (this.readers.has(reader)) this.show(reader);
  }

  /** Counts a reader in and shows it who is present. */
  enter(connection: Connection): void {
    if (!this.readers.has(connection)) {
      this.readers.add(connection);
      this.come({ id: connection.principal.userId, username: connection.principal.username });
    }
    if (this.waiting) this.waiting.add(connection);
    else this.show(connection);
  }

  /** Counts a reader out. Its user stays present for the grace, or as long as there are others of the same user. */
  leave(connection: Connection): void {
    if (this.readers.delete(connection)) this.go(connection.principal.userId);
  }

  /** Ends the grace of a user. */
  forget(userId: number): void {
    if (!this.absentSince.delete(userId)) return;
    this.changing([userId], () => this.occupants.delete(userId));
    this.watcher.changedHere();
  }

  rename(userId: number, username: string): void {
    const occupant = this.occupants.get(userId);
    if (!occupant || occupant.user.username === username) return;
    this.changing([userId], () => (occupant.user = { id: userId, username }));
    this.watcher.changedHere();
  }

  /** Takes what another node says of its users. False if it does not follow on what is known of that node. */
  hear(nodeId: string, news: PresenceNews): boolean {
    const { elsewhere } = this;
    const concerned =
      news.type === 'change' && news.base !== 0
        ? [...news.gone, ...news.came.map(([id]) => id)]
        : // Whoever is not named in a list is not there; the parts that came before are not known here.
          null;
    let isUnderstood = false;
    const hear = () => (isUnderstood = elsewhere.hear(nodeId, news, this.clock.monotonic()));
    if (concerned) this.changing(concerned, hear);
    else this.replacing(nodeId, hear);
    return isUnderstood;
  }

  confirm(nodeId: string, rev: number): boolean {
    return this.elsewhere.confirm(nodeId, rev, this.clock.monotonic());
  }

  /** Forgets the users of nodes that have said nothing of them since `limit` (monotonic milliseconds). */
  expire(limit: number, nodeId?: string): void {
    for (const silent of this.elsewhere.silentSince(limit)) {
      if (nodeId === undefined || silent === nodeId)
        this.replacing(silent, () => this.elsewhere.forget(silent));
    }
  }

  close(): void {
    this.cancelTick?.();
    this.readers.clear();
  }

  private get count(): number {
    return (this.countedUsers ??= this.countUsers());
  }

  private get isListed(): boolean {
    return this.count <= this.options.usersMax;
  }

  /**
   * Each user once, as far as the nodes list them. A node with more users than are listed tells their number alone, to
   * itself too, so that all nodes come to the same sum: someone who is there and on another node counts twice.
   */
  private countUsers(): number {
    const here = this.occupants.size;
    const isListedHere = here <= this.options.usersMax;
    const { uncounted } = this.elsewhere;
    if (isListedHere && uncounted === 0) return this.present.size;
    const listed = new Set(this.elsewhere.listedIds());
    if (isListedHere) for (const id of this.occupants.keys()) listed.add(id);
    return listed.size + uncounted + (isListedHere ? 0 : here);
  }

  private come(user: PresentUser): void {
    const occupant = this.occupants.get(user.id);
    if (occupant) {
      occupant.readers += 1;
      this.absentSince.delete(user.id);
      return;
    }
    this.changing([user.id], () => this.occupants.set(user.id, { user, readers: 1 }));
    this.watcher.changedHere();
  }

  private go(userId: number): void {
    const occupant = this.occupants.get(userId)!;
    occupant.readers -= 1;
    if (occupant.readers > 0) return;
    this.absentSince.set(userId, this.clock.monotonic());
    this.tickLater();
  }

  private replacing(nodeId: string, change: () => void): void {
    const before = this.elsewhere.listedBy(nodeId);
    change();
    this.compare([...before, ...this.elsewhere.listedBy(nodeId)]);
  }

  private changing(userIds: number[], change: () => void): void {
    change();
    this.compare(userIds);
  }

  /** Notes what has become of users, after something has changed. */
  private compare(userIds: number[]): void {
    this.countedUsers = null;
    this.encodedState = null;
    for (const id of userIds) {
      const before = this.present.get(id);
      const user = this.occupants.get(id)?.user ?? this.elsewhere.find(id);
      if (user?.username === before?.username) continue;
      if (user) this.present.set(id, user);
      else this.present.delete(id);
      this.news.set(id, { user: (user ?? before)!, isPresent: user !== null });
    }
    if (this.news.size > 0 || this.count !== this.toldCount) this.tickLater();
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
    this.tell();
    // Only now: what this tick has found out needs no other.
    this.cancelTick = null;
    if (this.absentSince.size > 0) this.tickLater();
    else if (this.isEmptyHere) this.watcher.emptied();
  }

  private tell(): void {
    const { isListed } = this;
    const isNews = isListed ? this.news.size > 0 || !this.isListKnown : this.count !== this.toldCount;
    const bytes = isListed && this.isListKnown ? this.encode(this.difference()) : this.stateFrame();
    this.isListKnown = isListed;
    this.toldCount = this.count;
    this.news.clear();
    if (!isNews) return;
    for (const reader of this.readers) if (!this.waiting?.has(reader)) this.write(reader, bytes);
  }

  private show(connection: Connection): void {
    // One that is counted only cannot follow differences: should the room shrink, everybody is told the list.
    if (!this.isListed) this.isListKnown = false;
    if (this.count !== this.toldCount) this.toldCount = null;
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
      count: this.count,
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
