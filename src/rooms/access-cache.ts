import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../common/clock';
import { ReadsUnderWay } from '../common/reads-under-way';
import type { MemberRole, RoomVisibility } from '../protocol/models';

/** What is the same for everyone in a room. */
interface RoomFacts {
  /** False once archived. */
  isActive: boolean;
  visibility: RoomVisibility;
  /** The newest version of its rights that is known. */
  accessVersion: number;
  slowModeSeconds: number;
}

/** What is a user's own there. Ends in milliseconds since the epoch, `Infinity` for good, 0 for none. */
interface MemberFacts {
  /** The version of the room's rights that this was read under. */
  accessVersion: number;
  memberRole: MemberRole | null;
  bannedUntil: number;
  mutedUntil: number;
}

/** As kept: when it is time to read it again, in monotonic milliseconds; `Infinity` once somebody has been told. */
interface KnownMember extends MemberFacts {
  renewAt: number;
}

/** What decides whether a user may read or post in a room. */
export type AccessFacts = RoomFacts & MemberFacts;

/** How long another node's change may go unnoticed here. */
const TTL_MS = 5_000;
/** From this age on, who is asked about is read again before the end. */
const RENEWED_AFTER_MS = 4_000;
const ROOMS_MAX = 10_000;
const MEMBERS_MAX = 100_000;

/**
 * Access facts of rooms and users lately asked for, at most 5 s old and bounded in number.
 *
 * A change that this node makes, or hears of, drops what it touches at once, also for a read that is under way: it
 * reads again. Of a change that nobody told of, the version of the room's rights tells as soon as anybody's facts are
 * read again: what is known of the others is then out of date. Absent rooms are never kept, so a flood of invented
 * ids evicts nobody.
 */
@Injectable()
export class AccessCache {
  private readonly rooms: LRUCache<number, RoomFacts>;
  private readonly members: LRUCache<string, KnownMember>;
  private readonly reads = new ReadsUnderWay<AccessFacts | null>();

  /** Told once of each who is asked about and will soon be too old: the time to `load` anew. */
  whenAgeing: (roomId: number, userId: number) => void = () => undefined;

  constructor(private readonly clock: Clock) {
    const perf = { now: () => clock.monotonic() };
    this.rooms = new LRUCache({ max: ROOMS_MAX, ttl: TTL_MS, ttlResolution: 0, perf });
    this.members = new LRUCache({ max: MEMBERS_MAX, ttl: TTL_MS, ttlResolution: 0, perf });
  }

  find(roomId: number, userId: number): AccessFacts | null {
    const room = this.rooms.get(roomId);
    const member = room && this.members.get(keyOf(roomId, userId));
    // A grant of now for somebody who was judged under older rights would pass for one that is up to date.
    if (!member || member.accessVersion !== room.accessVersion) return null;
    if (member.renewAt <= this.clock.monotonic()) {
      member.renewAt = Infinity;
      this.whenAgeing(roomId, userId);
    }
    // Field by field: spreading both costs more than finding them, and this is asked for each message.
    const { isActive, visibility, accessVersion, slowModeSeconds } = room;
    const { memberRole, bannedUntil, mutedUntil } = member;
    return { isActive, visibility, accessVersion, slowModeSeconds, memberRole, bannedUntil, mutedUntil };
  }

  /** Reads with `read` and keeps the answer; callers at the same moment share one read. Null: no such room. */
  load(roomId: number, userId: number, read: () => Promise<AccessFacts | null>): Promise<AccessFacts | null> {
    const key = keyOf(roomId, userId);
    return this.reads.read(key, read, (facts) => {
      if (facts) this.keep(key, roomId, facts);
    });
  }

  /** Forgets what is known of one member. Call it after the commit, also when its outcome is unknown. */
  dropMember(roomId: number, userId: number): void {
    const key = keyOf(roomId, userId);
    this.members.delete(key);
    this.reads.changed(key);
  }

  /** Forgets what is known of a room, for everyone. */
  dropRoom(roomId: number): void {
    this.rooms.delete(roomId);
    this.reads.changedWhere((key) => key.startsWith(keyOf(roomId, '')));
  }

  private keep(key: string, roomId: number, facts: AccessFacts): void {
    const { isActive, visibility, accessVersion, slowModeSeconds, memberRole, bannedUntil, mutedUntil } =
      facts;
    const renewAt = this.clock.monotonic() + RENEWED_AFTER_MS;
    this.members.set(key, { accessVersion, memberRole, bannedUntil, mutedUntil, renewAt });
    const known = this.rooms.get(roomId);
    // Of two reads at once, the one that saw less may be answered last: whoever asks next is to read again.
    if (known && known.accessVersion > accessVersion) this.rooms.delete(roomId);
    else this.rooms.set(roomId, { isActive, visibility, accessVersion, slowModeSeconds });
  }
}

function keyOf(roomId: number, userId: number | ''): string {
  return `${roomId}:${userId}`;
}
