import type { Clock } from '../common/clock';
import type { PresenceState } from '../protocol/models';
import type { Connection } from './connection';
import type { ReaderWatcher } from './room-feeds';
import { type PresenceOptions, RoomPresence } from './room-presence';
import type { NodeUsers, PresenceNews } from './users-elsewhere';

/** How long the answers of the other nodes are kept up to date for somebody who asked without reading the room. */
const VISIT_MS = 10_000;

/** The other nodes, as presence sees them. Nothing here may throw. */
export interface PresencePeers {
  /** Wants to hear from the other nodes who is in a room. Resolves when all have answered, or had the time to. */
  follow(roomId: number): Promise<void>;
  unfollow(roomId: number): void;
  /** Others are present on this node now. */
  changed(roomId: number): void;
  /** Whether there are any. */
  readonly areKnown: boolean;
}

const NOBODY_ELSE: PresencePeers = {
  follow: () => Promise.resolve(),
  unfollow: () => undefined,
  changed: () => undefined,
  areKnown: false,
};

interface OpenRoom {
  presence: RoomPresence;
  /** Null once the other nodes have answered. */
  answers: Promise<void> | null;
  /** Until when somebody who asked may ask again (monotonic milliseconds). */
  visitedUntil: number;
}

/**
 * Who is present in which room: the users whose connections read it, on this node or another, each once.
 *
 * A reader is counted from `enter` on, and gone with the feeds' word, after a grace: who reconnects within it, to
 * whatever node, was never gone. Someone who lost the room is gone at once.
 */
export class Presence implements ReaderWatcher {
  private readonly rooms = new Map<number, OpenRoom>();

  constructor(
    private readonly clock: Clock,
    private readonly options: PresenceOptions,
    private readonly others: PresencePeers = NOBODY_ELSE,
  ) {}

  /** Counts a connection that reads the room, and shows it who is present. Call it when its join has been answered. */
  enter(connection: Connection, roomId: number): void {
    if (connection.readers.has(roomId)) this.open(roomId).presence.enter(connection);
  }

  /** At once for a room that is read on this node; otherwise the other nodes are asked. */
  of(roomId: number): PresenceState | Promise<PresenceState> {
    const known = this.rooms.get(roomId);
    if (!known && !this.others.areKnown) return { count: 0, users: [] };
    const room = known ?? this.open(roomId);
    room.visitedUntil = this.clock.monotonic() + VISIT_MS;
    if (!known) this.letGoAfterVisit(roomId, room);
    return room.answers ? room.answers.then(() => room.presence.state) : room.presence.state;
  }

  /** The users who are present on this node, those in their grace included. */
  userIds(roomId: number): number[] {
    return this.rooms.get(roomId)?.presence.usersHere.map(({ id }) => id) ?? [];
  }

  /** The rooms in which somebody is present on this node. */
  roomIds(): number[] {
    return [...this.rooms].filter(([, { presence }]) => !presence.isEmptyHere).map(([roomId]) => roomId);
  }

  /** This node's users, as the others are told of them. */
  announced(roomId: number): NodeUsers {
    return this.rooms.get(roomId)?.presence.announced ?? new Map<number, string>();
  }

  /** The rooms that the other nodes are listened to for. */
  followedIds(): number[] {
    return [...this.rooms.keys()];
  }

  /** Takes what another node says of a room. False if it does not follow on what is known, so the whole is needed. */
  hear(roomId: number, nodeId: string, news: PresenceNews): boolean {
    return this.rooms.get(roomId)?.presence.hear(nodeId, news) ?? true;
  }

  /** Takes a node's word that a revision still holds; false as for `hear`. */
  confirm(roomId: number, nodeId: string, rev: number): boolean {
    return this.rooms.get(roomId)?.presence.confirm(nodeId, rev) ?? true;
  }

  /** Forgets the users of nodes, or of one node, that have not been confirmed since `limit` (monotonic milliseconds). */
  expire(limit: number, nodeId?: string): void {
    for (const { presence } of this.rooms.values()) presence.expire(limit, nodeId);
  }

  readerGone(roomId: number, connection: Connection): void {
    this.rooms.get(roomId)?.presence.leave(connection);
  }

  userRemoved(roomId: number, userId: number): void {
    this.rooms.get(roomId)?.presence.forget(userId);
  }

  roomClosed(roomId: number): void {
    const room = this.rooms.get(roomId);
    if (room) this.close(roomId, room);
  }

  userRenamed(userId: number, username: string): void {
    for (const { presence } of this.rooms.values()) presence.rename(userId, username);
  }

  private open(roomId: number): OpenRoom {
    const known = this.rooms.get(roomId);
    if (known) return known;
    const presence = new RoomPresence(roomId, this.clock, this.options, {
      changedHere: () => this.others.changed(roomId),
      emptied: () => this.letGoIfUnvisited(roomId, room),
    });
    const room: OpenRoom = { presence, answers: null, visitedUntil: 0 };
    this.rooms.set(roomId, room);
    if (this.others.areKnown) {
      presence.wait();
      room.answers = this.others.follow(roomId).then(() => {
        room.answers = null;
        presence.settle();
      });
    } else {
      void this.others.follow(roomId);
    }
    return room;
  }

  private letGoAfterVisit(roomId: number, room: OpenRoom): void {
    this.clock.after(VISIT_MS, () => this.letGoIfUnvisited(roomId, room));
  }

  private letGoIfUnvisited(roomId: number, room: OpenRoom): void {
    if (this.rooms.get(roomId) !== room || !room.presence.isEmptyHere) return;
    const leftMs = room.visitedUntil - this.clock.monotonic();
    if (leftMs > 0) this.letGoAfterVisit(roomId, room);
    else this.close(roomId, room);
  }

  private close(roomId: number, room: OpenRoom): void {
    room.presence.close();
    this.rooms.delete(roomId);
    this.others.unfollow(roomId);
    this.others.changed(roomId);
  }
}
