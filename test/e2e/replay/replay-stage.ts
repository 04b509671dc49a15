import { randomUUID } from 'node:crypto';
import type { HistoryPage, MemberRole, Message, Room } from '../../../src/protocol/models';
import { AccountClient, PASSWORD } from '../../support/account-client';
import { type Answer, aPerson, Person } from '../../support/person';
import { startTestServer, type TestServer } from '../../support/test-server';

/** Somebody whose account can be deleted: with a password. */
export interface Mortal extends Person {
  vanish(): Promise<void>;
}

/** A server, and the people of a room: its owner, a moderator, a member, somebody who is not in it. */
export class ReplayStage {
  private constructor(
    readonly server: TestServer,
    readonly owner: Person,
    readonly moderator: Person,
    readonly member: Person,
    readonly stranger: Person,
  ) {}

  static async build(): Promise<ReplayStage> {
    const server = await startTestServer();
    const person = (name: string) => aPerson(server, name);
    return new ReplayStage(
      server,
      await person('owner'),
      await person('moderator'),
      await person('member'),
      await person('stranger'),
    );
  }

  /** A room with a few messages that were talked about. */
  async aScene(visibility: 'public' | 'private'): Promise<Scene> {
    const { owner, moderator, member } = this;
    const { body: room } = await owner.post<Room>('/rooms', { name: randomUUID(), visibility });
    await owner.put(`/rooms/${room.id}/members/${moderator.id}`, { role: 'moderator' });
    await owner.put(`/rooms/${room.id}/members/${member.id}`, { role: 'member' });
    const scene = new Scene(this, room.id, visibility);
    scene.firstId = await scene.say('first');
    return scene;
  }

  async aMortal(): Promise<Mortal> {
    const accounts = new AccountClient(this.server);
    const { user, access_token: token } = await accounts.register(`p-${randomUUID().slice(0, 8)}`);
    const person = new Person(this.server, user.id, user.username, token);
    const vanish = async () => void must(await person.delete('/users/me', { password: PASSWORD }));
    return Object.assign(person, { vanish });
  }
}

type Method = 'post' | 'put' | 'patch' | 'delete';

/** One room, and what may be done there; whatever is refused throws. */
export class Scene {
  readonly owner: Person;
  readonly moderator: Person;
  readonly member: Person;
  readonly stranger: Person;
  /** The first message that somebody said. */
  firstId: number;

  constructor(
    readonly stage: ReplayStage,
    readonly roomId: number,
    readonly visibility: 'public' | 'private',
  ) {
    ({ owner: this.owner, moderator: this.moderator, member: this.member, stranger: this.stranger } = stage);
  }

  /** Says something as the member, unless somebody else is named; gives its id. */
  async say(content: string, more: object = {}, by = this.member): Promise<number> {
    const { body } = await this.do(by, 'post', '/messages', { content, ...more });
    return (body as Message).id;
  }

  /** Something that was said, answered, pinned and reacted to. */
  async aTalkedAboutMessage(): Promise<{ id: number; replyId: number }> {
    const id = await this.say('what do you think?');
    const replyId = await this.say('good', { reply_to_id: id }, this.owner);
    await this.pin(id);
    await this.react(id, '👍', this.owner);
    return { id, replyId };
  }

  edit(id: number, content: string) {
    return this.do(this.member, 'patch', `/messages/${id}`, { content });
  }

  erase(id: number, by = this.member) {
    return this.do(by, 'delete', `/messages/${id}`);
  }

  react(id: number, emoji: string, by = this.member) {
    return this.do(by, 'put', `/messages/${id}/reactions/${encodeURIComponent(emoji)}`);
  }

  unreact(id: number, emoji: string, by = this.member) {
    return this.do(by, 'delete', `/messages/${id}/reactions/${encodeURIComponent(emoji)}`);
  }

  pin(id: number) {
    return this.do(this.moderator, 'put', `/messages/${id}/pin`);
  }

  unpin(id: number) {
    return this.do(this.moderator, 'delete', `/messages/${id}/pin`);
  }

  change(changes: object) {
    return this.do(this.owner, 'patch', '', changes);
  }

  put({ id }: Person, role: MemberRole) {
    return this.do(this.owner, 'put', `/members/${id}`, { role });
  }

  remove({ id }: Person) {
    return this.do(this.owner, 'delete', `/members/${id}`);
  }

  restrict(kind: 'ban' | 'mute', { id }: Person, body: object = {}) {
    return this.do(this.moderator, 'put', `/${kind}s/${id}`, body);
  }

  lift(kind: 'ban' | 'mute', { id }: Person) {
    return this.do(this.moderator, 'delete', `/${kind}s/${id}`);
  }

  /** The newest messages, oldest first. */
  async newest(count: number): Promise<Message[]> {
    const { body } = await this.owner.get<HistoryPage>(`/rooms/${this.roomId}/messages?limit=${count}`);
    return body.messages;
  }

  /** `path` stands below the room's. */
  async do(by: Person, method: Method, path: string, body?: unknown) {
    return must(await by[method](`/rooms/${this.roomId}${path}`, body));
  }
}

function must<T extends Answer<unknown>>(answer: T): T {
  if (answer.status < 300) return answer;
  throw new Error(`refused with ${answer.status}: ${JSON.stringify(answer.body)}`);
}
