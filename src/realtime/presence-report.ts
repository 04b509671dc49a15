import type { AnnouncementOf } from './broker/announcement';
import type { NodeUsers } from './users-elsewhere';

/** Users that one announcement names: with the longest names they fit into the smallest payload. */
const USERS_MAX = 100;

type Report = AnnouncementOf<'presence_list' | 'presence_change' | 'presence_count'>;

/** What the other nodes were told of a room. */
interface Told {
  rev: number;
  users: NodeUsers;
}

/** What this node has told the others of its users, room by room, and what it has to tell them next. */
export class PresenceReport {
  private readonly rooms = new Map<number, Told>();
  /** One for all rooms, so that a room may be forgotten when it is empty, and still never goes back. */
  private revision = 0;

  /** The rooms that are not empty, each with what was told last. */
  revisions(): [roomId: number, rev: number][] {
    return [...this.rooms].map(([roomId, { rev }]) => [roomId, rev]);
  }

  /** What those have to hear who have heard everything before. */
  changes(room_id: number, users: NodeUsers): Report[] {
    const told = this.rooms.get(room_id);
    if (typeof users === 'number') {
      return told?.users === users
        ? []
        : this.told(room_id, users, [{ type: 'presence_count', room_id, rev: this.next(), count: users }]);
    }
    // After a count, nobody knows whom the rest would be the difference to.
    if (typeof told?.users === 'number') return this.whole(room_id, users);
    const before = told?.users ?? new Map<number, string>();
    const came = [...users].filter(([id, username]) => before.get(id) !== username);
    const gone = [...before.keys()].filter((id) => !users.has(id));
    let base = told?.rev ?? 0;
    const reports: Report[] = [];
    for (let at = 0; at < Math.max(came.length, gone.length); at += USERS_MAX) {
      const rev = this.next();
      const part = { came: came.slice(at, at + USERS_MAX), gone: gone.slice(at, at + USERS_MAX) };
      reports.push({ type: 'presence_change', room_id, base, rev, ...part });
      base = rev;
    }
    return this.told(room_id, users, reports);
  }

  /** What those have to hear who know nothing. */
  whole(room_id: number, users: NodeUsers): Report[] {
    const rev = this.next();
    if (typeof users === 'number')
      return this.told(room_id, users, [{ type: 'presence_count', room_id, rev, count: users }]);
    const listed = [...users];
    const parts = Math.max(1, Math.ceil(listed.length / USERS_MAX));
    const reports = Array.from({ length: parts }, (_, part) => ({
      type: 'presence_list' as const,
      room_id,
      rev,
      part,
      parts,
      users: listed.slice(part * USERS_MAX, (part + 1) * USERS_MAX),
    }));
    return this.told(room_id, users, reports);
  }

  private next(): number {
    return ++this.revision;
  }

  /** Nobody listens: whoever comes later is told the whole. */
  forget(roomId: number): void {
    this.rooms.delete(roomId);
  }

  private told(roomId: number, users: NodeUsers, reports: Report[]): Report[] {
    if (reports.length === 0) return reports;
    if (users instanceof Map && users.size === 0) this.rooms.delete(roomId);
    else this.rooms.set(roomId, { rev: this.revision, users });
    return reports;
  }
}
