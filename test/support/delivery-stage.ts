import type { ServerFrame } from '../../src/protocol/frames';
import type { Message } from '../../src/protocol/models';
import type { Change, Draft } from '../../src/realtime/room-log';
import { type FeedsOptions, RoomFeeds } from '../../src/realtime/room-feeds';
import { type OnFakeSocket, aConnection } from './a-connection';
import { aDeletion, aDraft, anEdit } from './a-message';
import { FakeRoomLog } from './fake-room-log';
import { ManualClock } from './manual-clock';
import { type Knowledge, RoomFollower } from './room-follower';
import { settled } from './turns';

/** Where a client begins to read: at the newest page, where it stood, a share of the way into the log, beyond its end. */
export type Start = 'newest' | 'own position' | 'beyond' | { share: number };

/** What happens to an announcement on its way to the feeds. */
export type Fate = 'arrives' | 'arrives twice' | 'arrives backwards' | 'is late' | 'is lost';

const ROOMS = [1, 2];
/** Longer than any pause of the feeds and readers before they try again. */
const PATIENCE_MS = 2500;

interface Client extends OnFakeSocket {
  followers: Map<number, RoomFollower>;
  framesRead: number;
}

/** Feeds on a log whose reads wait for a word, with clients who hold every frame against the contract. */
export class DeliveryStage {
  readonly log = new FakeRoomLog(...ROOMS);
  private readonly clock = new ManualClock();
  private readonly feeds: RoomFeeds;
  private readonly clients: Client[];
  /** Announcements that have not arrived yet. */
  private underWay: Change[] = [];
  /** How far the feeds have been told of each room. */
  private readonly toldOf = new Map(ROOMS.map((id) => [id, 0]));
  private requests = 0;

  constructor(options: FeedsOptions, clientCount: number) {
    this.feeds = new RoomFeeds(this.log, this.clock, options);
    this.clients = Array.from({ length: clientCount }, () => ({
      ...aConnection(),
      framesRead: 0,
      followers: new Map(ROOMS.map((id) => [id, new RoomFollower(id, options.resumeMaxChanges)])),
    }));
    this.log.reads.hold();
  }

  /** Commits what `picks` choose: new messages, replies, edits and deletions of those there are. */
  commit(roomId: number, picks: readonly number[], fate: Fate): void {
    const changes = picks.flatMap((pick) => this.log.commit(this.draftOf(roomId, pick)));
    if (fate === 'arrives' || fate === 'arrives twice') this.offer(changes);
    if (fate === 'arrives twice') this.offer(changes);
    if (fate === 'arrives backwards') for (const change of [...changes].reverse()) this.offer([change]);
    if (fate === 'is late') this.underWay.push(...changes);
  }

  /** Some of what is under way arrives, and may arrive again later. */
  deliver(pick: number, count: number, again: boolean): void {
    if (this.underWay.length === 0) return;
    const from = pick % this.underWay.length;
    this.offer(this.underWay.slice(from, from + count));
    if (!again) this.underWay.splice(from, count);
  }

  answerRead(pick: number, how: 'look' | 'answer' | 'fail'): void {
    const { waiting } = this.log.reads;
    waiting[pick % waiting.length]?.[how]();
  }

  join(clientIndex: number, roomId: number, start: Start): void {
    const client = this.clients[clientIndex]!;
    this.read(client);
    const follower = client.followers.get(roomId)!;
    const requestId = ++this.requests;
    const base = this.baseOf(roomId, start, follower.known);
    this.onLane(client, roomId, async () => {
      follower.ask({ requestId, base });
      await this.feeds.join(client.connection, roomId, { afterSeq: base?.position, requestId });
    });
  }

  leave(clientIndex: number, roomId: number): void {
    const client = this.clients[clientIndex]!;
    this.onLane(client, roomId, async () => this.feeds.leave(client.connection, roomId));
  }

  /** The wire breaks; the client comes back on a new one. */
  reconnect(clientIndex: number): void {
    const client = this.clients[clientIndex]!;
    client.connection.detach();
    this.read(client);
    for (const follower of client.followers.values()) follower.stop();
    Object.assign(client, aConnection(), { framesRead: 0 });
  }

  stopTaking(clientIndex: number): void {
    this.clients[clientIndex]!.socket.stopTaking();
  }

  startTaking(clientIndex: number): void {
    this.clients[clientIndex]!.socket.startTaking();
  }

  doubt(roomId: number): void {
    this.toldOf.set(roomId, this.log.end(roomId));
    this.feeds.doubt([roomId]);
  }

  pass(ms: number): void {
    this.clock.advance(ms);
  }

  /**
   * Everything works again. Now everybody must come to the end of each room, if there was word of its last change; if
   * that word was lost, after the next one.
   */
  async heal(): Promise<void> {
    this.log.reads.open();
    for (const { socket } of this.clients) socket.startTaking();
    await settled();
    for (const [roomId, seq] of this.toldOf) {
      if (seq < this.log.end(roomId)) this.commit(roomId, [0], 'arrives');
    }
    for (let round = 0; round < 4; round++) {
      await settled();
      this.clock.advance(PATIENCE_MS);
    }
    for (const client of this.clients) this.read(client);
  }

  /** For each room that a client reads: what it knows, and what the log says to that. */
  outcome(): { known: Knowledge; truth: Knowledge }[] {
    return this.clients.flatMap(({ followers, connection }) =>
      [...followers].flatMap(([roomId, { isFollowing, known }]) => {
        if (isFollowing !== connection.readers.has(roomId)) throw new Error(`who reads room ${roomId}?`);
        if (!isFollowing) return [];
        const messages = [...this.log.stateAt(roomId)].filter(
          ([id]) => id >= known.floorId || known.messages.has(id),
        );
        return { known, truth: { ...known, position: this.log.end(roomId), messages: new Map(messages) } };
      }),
    );
  }

  private offer(changes: readonly Change[]): void {
    for (const { roomId, seq } of changes) this.toldOf.set(roomId, Math.max(seq, this.toldOf.get(roomId)!));
    this.feeds.offer(changes);
  }

  private onLane(client: Client, roomId: number, task: () => Promise<void>): void {
    const { connection } = client;
    const run = async () => {
      if (connection.isClosed) return;
      await task().catch(() => undefined);
      if (connection.isClosed) return;
      this.read(client);
      if (!connection.readers.has(roomId)) client.followers.get(roomId)!.stop();
    };
    connection.lane.push({ isPipelined: false, bytes: 10, run });
  }

  private read(client: Client): void {
    const unread = client.socket.frames.slice(client.framesRead);
    client.framesRead = client.socket.frames.length;
    for (const frame of unread) client.followers.get(roomOf(frame))!.take(frame);
  }

  private baseOf(roomId: number, start: Start, own: Knowledge): Knowledge | null {
    const end = this.log.end(roomId);
    if (start === 'newest') return null;
    if (start === 'own position') return own;
    const position = start === 'beyond' ? end + 1_000_000 : Math.floor(start.share * end);
    return { position, floorId: 1, messages: this.log.stateAt(roomId, position) };
  }

  private draftOf(roomId: number, pick: number): Draft {
    const known = [...this.log.stateAt(roomId).values()];
    const target: Message | undefined = known[Math.floor(pick / 8) % known.length];
    const kind = pick % 8;
    if (!target || kind < 4) return aDraft({ roomId });
    if (kind === 4) return aDraft({ roomId, replyToId: target.id });
    if (kind === 5) return aDeletion({ roomId, messageId: target.id });
    if (target.deleted_at) return aDraft({ roomId });
    return anEdit({ roomId, messageId: target.id, content: `${target.content}!` });
  }
}

function roomOf(frame: ServerFrame): number {
  if ('data' in frame && 'room_id' in frame.data) return frame.data.room_id as number;
  throw new Error(`a frame of no room: ${JSON.stringify(frame)}`);
}
