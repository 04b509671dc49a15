import type { PresentUser } from '../protocol/models';

/** Users by id, or only how many where they are too many to be listed. */
export type NodeUsers = ReadonlyMap<number, string> | number;

/** What a node announces of its users in a room. Its revisions only grow, over all rooms. */
export type PresenceNews =
  /** A part of everybody who is there. */
  | { type: 'list'; rev: number; part: number; parts: number; users: readonly (readonly [number, string])[] }
  /** What became of those known under the revision `base`; of nobody, if that is 0. */
  | {
      type: 'change';
      base: number;
      rev: number;
      came: readonly (readonly [number, string])[];
      gone: number[];
    }
  | { type: 'count'; rev: number; count: number };

/** One node's users, as of a revision. */
interface Known {
  rev: number;
  users: Map<number, string> | number;
  /** When the node last said so (monotonic milliseconds). */
  saidAt: number;
}

/** What has come of a list. */
interface Parts {
  rev: number;
  /** When the last of it came (monotonic milliseconds). */
  saidAt: number;
  received: Map<number, readonly (readonly [number, string])[]>;
}

/**
 * The users of one room on the other nodes, as those have announced them.
 *
 * Announcements may be lost, doubled and reordered: what is older than what is known is dropped, and a change that does
 * not follow on it is refused, so that whoever hands it in can ask for the whole.
 */
export class UsersElsewhere {
  private readonly nodes = new Map<string, Known>();
  private readonly parts = new Map<string, Parts>();

  /** A node that lists more than `usersMax` has its users counted. */
  constructor(private readonly usersMax: number) {}

  /** Users who are only counted, by the nodes that have too many to list them. */
  get counted(): number {
    let count = 0;
    for (const { users } of this.nodes.values()) if (typeof users === 'number') count += users;
    return count;
  }

  find(id: number): PresentUser | null {
    for (const { users } of this.nodes.values()) {
      const username = typeof users === 'number' ? undefined : users.get(id);
      if (username !== undefined) return { id, username };
    }
    return null;
  }

  /** Everybody who is listed, by any node. */
  *listedIds(): Generator<number> {
    for (const nodeId of this.nodes.keys()) yield* this.listedBy(nodeId);
  }

  listedBy(nodeId: string): number[] {
    const users = this.nodes.get(nodeId)?.users;
    return users === undefined || typeof users === 'number' ? [] : [...users.keys()];
  }

  /** Takes what a node says. False if it does not follow on what is known of the node. */
  hear(nodeId: string, news: PresenceNews, now: number): boolean {
    const known = this.nodes.get(nodeId);
    if (known && news.rev <= known.rev) {
      if (news.rev === known.rev) known.saidAt = now;
      return true;
    }
    const users = this.usersAfter(nodeId, news, known, now);
    if (users === null) return false;
    if (users !== 'incomplete') this.nodes.set(nodeId, { rev: news.rev, users, saidAt: now });
    return true;
  }

  /** A node says again which revision holds. False if that is not the one known here. */
  confirm(nodeId: string, rev: number, now: number): boolean {
    const known = this.nodes.get(nodeId);
    if (!known || known.rev < rev) return false;
    known.saidAt = now;
    return true;
  }

  /** The nodes that have said nothing since `limit`, those included of which but a part of a list has come. */
  silentSince(limit: number): string[] {
    const heard = new Map<string, Known | Parts>([...this.parts, ...this.nodes]);
    return [...heard].filter(([, { saidAt }]) => saidAt <= limit).map(([nodeId]) => nodeId);
  }

  forget(nodeId: string): void {
    this.nodes.delete(nodeId);
    this.parts.delete(nodeId);
  }

  private usersAfter(
    nodeId: string,
    news: PresenceNews,
    known: Known | undefined,
    now: number,
  ): Known['users'] | 'incomplete' | null {
    if (news.type === 'count') return news.count;
    if (news.type === 'list') return this.assembled(nodeId, news, now);
    if (news.base !== 0 && (news.base !== known?.rev || typeof known.users === 'number')) return null;
    const users = new Map(news.base === 0 ? [] : (known?.users as Map<number, string>));
    for (const id of news.gone) users.delete(id);
    for (const [id, username] of news.came) users.set(id, username);
    return this.bounded(users);
  }

  private assembled(
    nodeId: string,
    news: Extract<PresenceNews, { type: 'list' }>,
    now: number,
  ): Known['users'] | 'incomplete' | null {
    let parts = this.parts.get(nodeId);
    if (parts?.rev !== news.rev) {
      parts = { rev: news.rev, saidAt: now, received: new Map() };
      this.parts.set(nodeId, parts);
    }
    parts.saidAt = now;
    parts.received.set(news.part, news.users);
    if (parts.received.size < news.parts) return 'incomplete';
    this.parts.delete(nodeId);
    return this.bounded(new Map([...parts.received.values()].flat()));
  }

  private bounded(users: Map<number, string>): Known['users'] {
    return users.size > this.usersMax ? users.size : users;
  }
}
