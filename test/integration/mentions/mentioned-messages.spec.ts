import type { ChangesPage, HistoryPage, Message } from '../../../src/protocol/models';
import type { SearchPage } from '../../../src/protocol/search';
import type { Person } from '../../support/person';
import type { TestServer } from '../../support/test-server';
import { MentionStage, say } from './mention-stage';

let stage: MentionStage;
let server: TestServer;
let ada: Person;
let bob: Person;
let eve: Person;

beforeAll(async () => {
  stage = await MentionStage.build();
  ({ server, ada, bob, eve } = stage);
});
afterAll(() => server.stop());

describe('Mentions', () => {
  /** The message on every way of reading it. */
  async function readings(room: number, { id }: { id: number }): Promise<Message[]> {
    const path = `/rooms/${room}/messages`;
    const pages = await Promise.all(
      ['', `?cursor=${id + 1}`, `?after=${id - 1}`, `?around=${id}`, `?thread=${id}`].map((query) =>
        bob.get<HistoryPage>(path + query),
      ),
    );
    const changes = await bob.get<ChangesPage>(`/rooms/${room}/changes?after_seq=0`);
    const found = await bob.get<SearchPage>(`/search/messages?q=findme&room_id=${room}`);
    const one = await bob.get<Message>(`${path}/${id}`);
    const all = [...pages.flatMap(({ body }) => body.messages), ...changes.body.messages, one.body];
    return [...all, ...found.body.results.map(({ message }) => message)].filter(
      (message) => message.id === id,
    );
  }

  it('stand in the message wherever it is read', async () => {
    const room = await stage.aRoom();
    const sent = await say(ada, room, 'findme @bob.b @room');

    const read = await readings(room, sent);

    expect(read).toHaveLength(8);
    expect(sent).toMatchObject({ mentions: [bob.id], mentions_room: true });
    expect(read).toEqual(read.map(() => sent));
  });

  it('are looked up anew when the message is edited', async () => {
    const room = await stage.aRoom();
    const sent = await say(ada, room, 'findme @bob.b @room');

    const { body } = await ada.patch<Message>(`/rooms/${room}/messages/${sent.id}`, {
      content: 'findme @eve',
    });

    expect(body.mentions).toEqual([eve.id]);
    expect(body).not.toHaveProperty('mentions_room');
    expect(await readings(room, sent)).toEqual(Array.from({ length: 8 }, () => body));
  });

  it('are gone with the message, everywhere', async () => {
    const room = await stage.aRoom();
    const sent = await say(ada, room, 'findme @bob.b @room');
    await ada.delete(`/rooms/${room}/messages/${sent.id}`);

    const read = await readings(room, sent);

    expect(read).toHaveLength(7);
    for (const message of read) {
      expect(message).toMatchObject({ content: null, mentions: [] });
      expect(message).not.toHaveProperty('mentions_room');
    }
    expect(await rowsOf(room)).toEqual([]);
  });

  it('of a reply, and of a message to a public room that its author joins by it, are resolved alike', async () => {
    const room = await stage.aRoom();
    const question = await say(ada, room, 'who?');

    const reply = await say(eve, room, 'you, @ada, and @bob.b', { reply_to_id: question.id });

    expect(reply.mentions).toEqual([ada.id, bob.id]);
  });

  it('of everyone are one row, however many members there are', async () => {
    const room = await stage.aRoom();
    await server.dataSource.query(
      `WITH crowd AS (
         INSERT INTO users (username, email, password_hash)
         SELECT 'crowd-' || n, 'crowd-' || n, 'none' FROM generate_series(1, 500) n RETURNING id)
       INSERT INTO room_members (room_id, user_id) SELECT $1, id FROM crowd`,
      [room],
    );

    await say(ada, room, '@room @bob.b @crowd-7');

    expect(await rowsOf(room)).toEqual([{ user_id: 0, message_id: 1, author_id: ada.id }]);
  });

  const rowsOf = (room: number) =>
    server.dataSource.query<unknown[]>(
      `SELECT user_id, message_id, author_id FROM message_mentions WHERE room_id = $1`,
      [room],
    );
});
