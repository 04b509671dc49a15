import type { ChangesPage, HistoryPage, Message, Room } from '../../src/protocol/models';
import type { ChatSocket } from './chat-socket';
import type { Person } from './person';
import { RoomModel } from './room-model';
import { Unread } from './unread';
import { wholeLog } from './whole-log';

/** All of a room to somebody: its messages as history has them, what else is known of it, and the position of that. */
export class RoomSnapshot {
  private constructor(
    readonly roomId: number,
    readonly position: number,
    readonly epoch: string,
    readonly messages: ReadonlyMap<number, Message>,
    readonly model: RoomModel,
    readonly unread: Unread,
  ) {}

  /** Asks for it while nobody changes anything. */
  static async take(person: Person, roomId: number): Promise<RoomSnapshot> {
    const { body: room } = await person.get<Room>(`/rooms/${roomId}`);
    const { body: newest } = await person.get<HistoryPage>(`/rooms/${roomId}/messages?limit=100`);
    const log = newest.has_more ? await wholeLog(person, roomId) : newest.messages;
    const model = await RoomModel.read(person, roomId);
    expect(newest.last_seq).toBe(room.last_seq);
    expect(room).toMatchObject({
      last_message_id: log.at(-1)?.id ?? 0,
      last_message_at: log.at(-1)?.created_at ?? null,
      last_seq: Math.max(0, ...log.map(({ seq }) => seq)),
    });
    const unread = new Unread(person.id, room.my!.last_read_id);
    expect(room.my).toMatchObject(unread.shown(log));
    const messages = new Map(log.map((message) => [message.id, message]));
    return new RoomSnapshot(roomId, room.last_seq, newest.epoch, messages, model, unread);
  }

  /** This one, brought forward over `GET …/changes`, `limit` at a time. */
  async afterChanges(person: Person, limit: number): Promise<RoomSnapshot> {
    const pages: ChangesPage[] = [];
    for (let position = this.position, hasMore = true; hasMore;) {
      const query = `after_seq=${position}&limit=${limit}`;
      const { body }: { body: ChangesPage } = await person.get(`/rooms/${this.roomId}/changes?${query}`);
      pages.push(body);
      expect(body.messages.length).toBeLessThanOrEqual(limit);
      ({ last_seq: position, has_more: hasMore } = body);
    }
    return this.after(pages.map((data) => ({ type: 'changes', data })));
  }

  /** This one, brought forward by coming back with its position on a socket that reads this room alone. */
  async afterResuming(socket: ChatSocket, end: number): Promise<RoomSnapshot> {
    let position = -1;
    const frames: { type: string; data: unknown }[] = [];
    while (position < end) {
      const frame = await socket.next(({ type }) => type === 'changes');
      frames.push(frame);
      ({ last_seq: position } = frame.data as ChangesPage);
    }
    return this.after(frames);
  }

  /** This one, brought forward by frames, each of which has to be the next one. */
  after(frames: readonly { type: string; data: unknown }[]): RoomSnapshot {
    const replay = new Replay(this);
    for (const frame of frames) replay.take(frame);
    const { position, messages, model, unread } = replay;
    return new RoomSnapshot(this.roomId, position, this.epoch, messages, model, unread);
  }

  /** What has to be the same in two snapshots of one moment. Names are no part of the log. */
  comparable({ withMembers = true, withNames = true } = {}): object {
    const messages = [...this.messages.values()].sort((a, b) => a.id - b.id);
    return {
      position: this.position,
      messages: withNames ? messages : messages.map((message) => ({ ...message, username: null })),
      room: this.model.shown({ withMembers }),
      unread: this.unread.shown(messages),
    };
  }
}

/** A client at work. */
class Replay {
  position: number;
  readonly messages: Map<number, Message>;
  readonly model: RoomModel;
  readonly unread: Unread;
  /** What is new in the pages so far. */
  private unapplied: Message[] = [];

  constructor(base: RoomSnapshot) {
    this.position = base.position;
    this.messages = new Map(base.messages);
    this.model = base.model.copy();
    this.unread = base.unread.copy();
  }

  take({ type, data }: { type: string; data: unknown }): void {
    if (type === 'changes') this.turnPage(data as ChangesPage);
    else if (type === 'message' || type === 'message_updated') this.step(type, data as Message);
    else this.model.hear({ type, data });
  }

  /** Events took place in the order of their ids; in a page they stand where they were last changed. */
  private turnPage({ messages, last_seq, has_more }: ChangesPage): void {
    for (const message of messages) {
      if (message.seq <= this.position) throw new Error(`${message.seq} came after ${this.position}`);
      this.position = message.seq;
      if (!this.messages.has(message.id)) this.unapplied.push(message);
      this.messages.set(message.id, message);
    }
    if (last_seq !== this.position) throw new Error(`a page that ends at ${this.position} says ${last_seq}`);
    if (has_more) return;
    for (const message of this.unapplied.splice(0).sort((a, b) => a.id - b.id)) this.learn(message);
  }

  private step(type: 'message' | 'message_updated', message: Message): void {
    if (message.seq !== this.position + 1) throw new Error(`${message.seq} came live after ${this.position}`);
    const isKnown = this.messages.has(message.id);
    if (isKnown === (type === 'message')) throw new Error(`message ${message.id} came as ${type}`);
    this.position = message.seq;
    this.messages.set(message.id, message);
    if (type === 'message') this.learn(message);
  }

  private learn(message: Message): void {
    this.model.apply(message);
    this.unread.take(message);
  }
}
