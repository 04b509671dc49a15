import { chunks } from '../common/chunks';
import type { Cancel, Clock } from '../common/clock';
import type { NodeLink } from './broker/node-link';
import type { RoomSubscriptions } from './broker/room-subscriptions';
import type { Presence, PresencePeers } from './presence';
import { PresenceReport } from './presence-report';

/** How often a node repeats, of each room, which revision of its users holds. */
const DIGEST_MS = 8_000;
/** Three digests were missed: what the node said of a room holds no more. */
const SILENT_MS = 25_000;
/** Who does not answer in this time is not waited for. */
const ANSWER_MS = 1_000;
/** Rooms that one announcement names: with the largest ids and revisions they fit into the smallest payload. */
const ROOMS_MAX = 250;

export interface PresenceLinkOptions {
  /** Least time between two announcements about a room. */
  intervalMs: number;
  /** How long the users of a node that is gone count as present: most of them are on their way to another one. */
  graceMs: number;
}

/** Somebody waits for the other nodes to say who is in a room. */
interface Question {
  roomId: number;
  unanswered: Set<string>;
  resolve: () => void;
}

/**
 * Makes presence the union over the nodes: each announces its own users of a room to those that follow the room.
 *
 * What changed is announced, coalesced, once an interval at most, as a difference to a numbered revision. Whoever
 * misses one, or comes to a room, asks for the whole. Every few seconds a node repeats the revisions of all its rooms,
 * which brings to light what got lost; what nobody repeats is forgotten. So no users outlive a node for long, and while
 * the broker is down each node shows its own.
 */
export class PresenceLink implements PresencePeers {
  private readonly report = new PresenceReport();
  /** Rooms whose users here have changed. */
  private readonly changes = new Set<number>();
  /** Rooms that others ask this node for. */
  private readonly asked = new Set<number>();
  /** Rooms of which the whole was told in this interval; who asks again waits for the next. */
  private readonly answered = new Set<number>();
  private readonly askedAgain = new Set<number>();
  /** What this node asks for: of one node, or of all. */
  private readonly wanted = new Map<string | null, Set<number>>();
  private questions: Question[] = [];
  private cancelTalk: Cancel | null = null;
  private cancelTick: Cancel | null = null;
  private tickedAt = -Infinity;
  private cancelDigest: Cancel | null = null;
  private presence: Presence | null = null;

  constructor(
    private readonly link: NodeLink,
    private readonly subscriptions: RoomSubscriptions,
    private readonly clock: Clock,
    private readonly options: PresenceLinkOptions,
  ) {}

  get areKnown(): boolean {
    return this.link.isUp && this.link.peerIds.length > 0;
  }

  /** Lets presence hear of the other nodes, before the link is started. */
  serve(presence: Presence): void {
    const { link } = this;
    this.presence = presence;
    link.on('presence_list', ({ room_id, ...news }, from) => {
      this.take(room_id, from, presence.hear(room_id, from, { ...news, type: 'list' }));
    });
    link.on('presence_change', ({ room_id, ...news }, from) => {
      this.take(room_id, from, presence.hear(room_id, from, { ...news, type: 'change' }));
    });
    link.on('presence_count', ({ room_id, ...news }, from) => {
      this.take(room_id, from, presence.hear(room_id, from, { ...news, type: 'count' }));
    });
    link.on('presence_digest', ({ rooms }, from) => {
      for (const [roomId, rev] of rooms) if (!presence.confirm(roomId, from, rev)) this.want(roomId, from);
    });
    link.on('presence_wanted', ({ room_ids, of }) => {
      if (of === null || of === link.nodeId) for (const roomId of room_ids) this.answer(roomId);
    });
    link.onGap(() => {
      for (const roomId of presence.followedIds()) this.want(roomId, null);
    });
    link.onPeerLost((nodeId) => this.forgetLater(nodeId));
    this.digestLater();
  }

  stop(): void {
    this.cancelTalk?.();
    this.cancelTick?.();
    this.cancelDigest?.();
  }

  follow(roomId: number): Promise<void> {
    const subscribed = this.subscriptions.follow(roomId, 'presence');
    if (!this.areKnown) return Promise.resolve();
    return new Promise<void>((resolve) => {
      const question = { roomId, unanswered: new Set(this.link.peerIds), resolve };
      this.questions.push(question);
      this.clock.after(ANSWER_MS, () => this.settle(question));
      // Not before: the answers come to those who are subscribed.
      void subscribed.then(() => this.want(roomId, null));
    });
  }

  unfollow(roomId: number): void {
    this.subscriptions.unfollow(roomId, 'presence');
  }

  changed(roomId: number): void {
    if (this.link.peerIds.length === 0) return this.report.forget(roomId);
    this.changes.add(roomId);
    this.tickLater();
  }

  private want(roomId: number, of: string | null): void {
    const rooms = this.wanted.get(of) ?? new Set();
    this.wanted.set(of, rooms.add(roomId));
    this.talkSoon();
  }

  private answer(roomId: number): void {
    if (this.answered.has(roomId)) {
      this.askedAgain.add(roomId);
      this.tickLater();
    } else {
      this.asked.add(roomId);
      this.talkSoon();
    }
  }

  private take(roomId: number, from: string, isUnderstood: boolean): void {
    if (!isUnderstood) return this.want(roomId, from);
    for (const question of this.questions) {
      if (question.roomId !== roomId) continue;
      question.unanswered.delete(from);
      if (question.unanswered.size === 0) this.settle(question);
    }
  }

  private settle(question: Question): void {
    this.questions = this.questions.filter((other) => other !== question);
    question.resolve();
  }

  /** Asks and answers, with what is said in the same turn. */
  private talkSoon(): void {
    this.cancelTalk ??= this.clock.after(0, () => {
      this.cancelTalk = null;
      for (const [of, rooms] of this.wanted) {
        for (const room_ids of chunks([...rooms], ROOMS_MAX))
          this.link.publish({ type: 'presence_wanted', room_ids, of });
      }
      this.wanted.clear();
      this.tellWhole(this.asked);
    });
  }

  private tellWhole(rooms: Set<number>): void {
    if (rooms.size === 0) return;
    for (const roomId of rooms) {
      for (const report of this.report.whole(roomId, this.presence!.announced(roomId)))
        this.link.publish(report);
      this.answered.add(roomId);
      this.changes.delete(roomId);
    }
    rooms.clear();
    this.tickLater();
  }

  /** What has changed is told at once after a silence, otherwise when the interval is over. */
  private tickLater(): void {
    const dueInMs = Math.max(0, this.tickedAt + this.options.intervalMs - this.clock.monotonic());
    this.cancelTick ??= this.clock.after(dueInMs, () => this.tick());
  }

  private tick(): void {
    this.cancelTick = null;
    this.tickedAt = this.clock.monotonic();
    this.answered.clear();
    this.tellWhole(this.askedAgain);
    for (const roomId of this.changes) {
      for (const report of this.report.changes(roomId, this.presence!.announced(roomId)))
        this.link.publish(report);
    }
    this.changes.clear();
  }

  private digestLater(): void {
    this.cancelDigest = this.clock.after(DIGEST_MS, () => {
      for (const rooms of chunks(this.report.revisions(), ROOMS_MAX))
        this.link.publish({ type: 'presence_digest', rooms });
      this.presence!.expire(this.clock.monotonic() - SILENT_MS);
      this.digestLater();
    });
  }

  private forgetLater(nodeId: string): void {
    const lostAt = this.clock.monotonic();
    for (const question of [...this.questions]) {
      question.unanswered.delete(nodeId);
      if (question.unanswered.size === 0) this.settle(question);
    }
    this.clock.after(this.options.graceMs, () => this.presence!.expire(lostAt, nodeId));
  }
}
