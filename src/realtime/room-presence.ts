import type { Cancel, Clock } from '../common/clock';
import type { PresenceState, PresentUser } from '../protocol/models';
import type { Connection } from './connection';
import { PresenceAudience, type PresenceView } from './presence-audience';
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

/** Who is present in one room, on this node or another; its readers here are told, at most once an interval. */
export class RoomPresence implements PresenceView {
  /** The users of this node. */
  private readonly occupants = new Map<number, Occupant>();
  private readonly elsewhere: UsersElsewhere;
  /** Everybody who is listed by some node, this one included, each once. */
  private readonly present = new Map<number, PresentUser>();
  /** Users without a reader, by when that began (monotonic milliseconds), the longest first. */
  private readonly absentSince = new Map<number, number>();
  private readonly audience: PresenceAudience;
  private knownCount: number | null = null;
  private cancelTick: Cancel | null = null;

  constructor(
    roomId: number,
    private readonly clock: Clock,
    private readonly options: PresenceOptions,
    private readonly watcher: PresenceWatcher,
  ) {
    this.elsewhere = new UsersElsewhere(options.usersMax);
    this.audience = new PresenceAudience(roomId, this);
  }

  get state(): PresenceState {
    if (!this.isListed) return { count: this.count };
    return { count: this.count, users: [...this.present.values()] };
  }

  get count(): number {
    return (this.knownCount ??= this.countUsers());
  }

  get isListed(): boolean {
    return this.count <= this.options.usersMax;
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
    this.audience.wait();
  }

  settle(): void {
    this.audience.settle();
  }

  /** Counts a reader in and shows it who is present. */
  enter(connection: Connection): void {
    const { userId: id, username } = connection.principal;
    if (this.audience.add(connection)) this.come({ id, username });
    this.audience.show(connection);
  }

  /** Counts a reader out. Its user stays present for the grace, or as long as there are others of the same user. */
  leave(connection: Connection): void {
    if (this.audience.remove(connection)) this.go(connection.principal.userId);
  }

  /** Ends the grace of a user. */
  forget(userId: number): void {
    if (!this.absentSince.delete(userId)) return;
    this.occupants.delete(userId);
    this.changedHere(userId);
  }

  rename(userId: number, username: string): void {
    const occupant = this.occupants.get(userId);
    if (!occupant || occupant.user.username === username) return;
    occupant.user = { id: userId, username };
    this.changedHere(userId);
  }

  /** Takes what another node says of its users. False if it does not follow on what is known of that node. */
  hear(nodeId: string, news: PresenceNews): boolean {
    const before = this.elsewhere.listedBy(nodeId);
    const isUnderstood = this.elsewhere.hear(nodeId, news, this.clock.monotonic());
    this.compare([...before, ...this.elsewhere.listedBy(nodeId)]);
    return isUnderstood;
  }

  /** Takes a node's word that a revision still holds. False if that is not the one known here. */
  confirm(nodeId: string, rev: number): boolean {
    return this.elsewhere.confirm(nodeId, rev, this.clock.monotonic());
  }

  /** Forgets the users of nodes, or of one, that have said nothing of them since `limit` (monotonic milliseconds). */
  expire(limit: number, nodeId?: string): void {
    for (const silent of this.elsewhere.silentSince(limit)) {
      if (nodeId !== undefined && silent !== nodeId) continue;
      const before = this.elsewhere.listedBy(silent);
      this.elsewhere.forget(silent);
      this.compare(before);
    }
  }

  close(): void {
    this.cancelTick?.();
    this.audience.clear();
  }

  /**
   * Each user once, as far as the nodes list them. A node with more users than are listed tells their number alone, to
   * itself too, so that all nodes come to the same sum: someone who is there and on another node counts twice.
   */
  private countUsers(): number {
    const here = this.occupants.size;
    const isListedHere = here <= this.options.usersMax;
    const { counted } = this.elsewhere;
    if (isListedHere && counted === 0) return this.present.size;
    const listed = new Set(this.elsewhere.listedIds());
    if (isListedHere) for (const id of this.occupants.keys()) listed.add(id);
    return listed.size + counted + (isListedHere ? 0 : here);
  }

  private come(user: PresentUser): void {
    const occupant = this.occupants.get(user.id);
    if (occupant) {
      occupant.readers += 1;
      this.absentSince.delete(user.id);
      return;
    }
    this.occupants.set(user.id, { user, readers: 1 });
    this.changedHere(user.id);
  }

  private go(userId: number): void {
    const occupant = this.occupants.get(userId)!;
    occupant.readers -= 1;
    if (occupant.readers > 0) return;
    this.absentSince.set(userId, this.clock.monotonic());
    this.tickLater();
  }

  private changedHere(userId: number): void {
    this.compare([userId]);
    this.watcher.changedHere();
  }

  /** Notes what has become of users, after something has changed. */
  private compare(userIds: readonly number[]): void {
    this.knownCount = null;
    this.audience.outdate();
    for (const id of userIds) {
      const before = this.present.get(id);
      const user = this.occupants.get(id)?.user ?? this.elsewhere.find(id);
      if (user?.username === before?.username) continue;
      if (user) this.present.set(id, user);
      else this.present.delete(id);
      this.audience.note((user ?? before)!, user !== null);
    }
    if (this.audience.hasNews) this.tickLater();
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
    this.audience.tell();
    // Only now: what this tick has found out needs no other.
    this.cancelTick = null;
    if (this.absentSince.size > 0) this.tickLater();
    else if (this.isEmptyHere) this.watcher.emptied();
  }
}
