import type { Message, Room } from '../../../src/protocol/models';
import { aPerson, type Person } from '../../support/person';
import { aTestConfig } from '../../support/test-config';
import { startTestServer, type TestServer } from '../../support/test-server';

export const MENTIONS_MAX = 4;

/** A server with three people who can be mentioned. */
export class MentionStage {
  private made = 0;

  private constructor(
    readonly server: TestServer,
    readonly ada: Person,
    readonly bob: Person,
    readonly eve: Person,
  ) {}

  static async build(): Promise<MentionStage> {
    const limits = { ...aTestConfig().limits, mentions_max: MENTIONS_MAX };
    const server = await startTestServer({ limits });
    const [ada, bob] = [await aPerson(server, 'Ada'), await aPerson(server, 'bob.b')];
    return new MentionStage(server, ada, bob, await aPerson(server, 'eve'));
  }

  /** A room of Ada's with Bob in it; Eve stays outside. */
  async aRoom(visibility: Room['visibility'] = 'public'): Promise<number> {
    const { ada, bob } = this;
    const { body } = await ada.post<Room>('/rooms', { name: `mentions ${++this.made}`, visibility });
    await ada.put(`/rooms/${body.id}/members/${bob.id}`, { role: 'member' });
    return body.id;
  }
}

export async function say(
  author: Person,
  room: number,
  content: string,
  more: object = {},
): Promise<Message> {
  return (await author.post<Message>(`/rooms/${room}/messages`, { content, ...more })).body;
}
