import type { ChangesPage, HistoryPage, Message, Room } from '../../../src/protocol/models';
import type { SearchPage } from '../../../src/protocol/search';
import { PostgresRoomLog } from '../../../src/chat/postgres-room-log';
import { RoomLog } from '../../../src/realtime/room-log';
import { aDraft } from '../../support/a-message';
import { aPerson, type Person } from '../../support/person';
import { aTestConfig } from '../../support/test-config';
import { startTestServer, type TestServer } from '../../support/test-server';

const MENTIONS_MAX = 4;

let server: TestServer;
let ada: Person;
let bob: Person;
let eve: Person;
let rooms = 0;

beforeAll(async () => {
  server = await startTestServer({ limits: { ...aTestConfig().limits, mentions_max: MENTIONS_MAX } });
  ada = await aPerson(server, 'Ada');
  bob = await aPerson(server, 'bob.b');
  eve = await aPerson(server, 'eve');
});
afterAll(() => server.stop());

/** A room of Ada's with Bob in it; Eve stays outside. */
async function aRoom(visibility: Room['visibility'] = 'public'): Promise<number> {
  const { body } = await ada.post<Room>('/rooms', { name: `mentions ${++rooms}`, visibility });
  await ada.put(`/rooms/${body.id}/members/${bob.id}`, { role: 'member' });
  return body.id;
}

async function say(author: Person, room: number, content: string, more: object = {}): Promise<Message> {
  return (await author.post<Message>(`/rooms/${room}/messages`, { content, ...more })).body;
}

const mentionedIn = async (author: Person, room: number, content: string) =>
  (await say(author, room, content)).mentions;

describe('A name behind an @', () => {
  let open: number;
  beforeAll(async () => {
    open = await aRoom();
  });

  it('is resolved when the message is sent, in any case, once, in the order of the text', async () => {
    expect(await mentionedIn(ada, open, 'Hi @BOB.B, @ada and again @bob.b')).toEqual([bob.id, ada.id]);
  });

  it('may end with what a sentence ends with, which belongs to it only if somebody is called so', async () => {
    const dotted = await aPerson(server, 'ada.');

    expect(await mentionedIn(bob, open, 'ask @ada.')).toEqual([dotted.id]);
    expect(await mentionedIn(bob, open, 'ask @bob.b. Or @eve... or @ada_')).toEqual([bob.id, eve.id, ada.id]);
  });

  it('is nobody’s in addresses and words, or where nobody is called so', async () => {
    expect(await mentionedIn(ada, open, 'eve@ada.org x@eve @nobody @eve@ada.org https://x.org/@eve')).toEqual(
      [],
    );
  });

  it('stays an id when its user is renamed, and is then found by the new name', async () => {
    const gone = await aPerson(server, 'gone');
    const sent = await say(ada, open, 'hello @gone');
    await gone.patch('/users/me', { username: 'gone-away' });

    const kept = await ada.get<Message>(`/rooms/${open}/messages/${sent.id}`);

    expect(kept.body.mentions).toEqual([gone.id]);
    expect(await mentionedIn(ada, open, '@gone @gone-away')).toEqual([gone.id]);
  });

  it('is nobody’s whose account is not active', async () => {
    const idle = await aPerson(server, 'idle');
    await server.dataSource.query('UPDATE users SET is_active = false WHERE id = $1', [idle.id]);

    expect(await mentionedIn(ada, open, '@idle')).toEqual([]);
  });

  it('counts only among the first names of a message', async () => {
    expect(await mentionedIn(ada, open, '@n-1 @n-2 @N-1 @eve @bob.b @ada')).toEqual([eve.id, bob.id]);
  });

  it('costs one query, and none where there is no @ or no name', async () => {
    const query = jest.spyOn(server.dataSource, 'query');
    const costOf = async (content: string) => {
      query.mockClear();
      await say(ada, open, content);
      return query.mock.calls.filter(([sql]) => sql.includes('username) = ANY')).length;
    };
    await costOf('warm');

    const costs = [await costOf('plain'), await costOf('a@b.org @ @room'), await costOf('@ada @bob.b @x-y')];

    expect(costs).toEqual([0, 0, 1]);
    query.mockRestore();
  });

  it.each([
    ['signs', '@'.repeat(4000)],
    ['names', '@ada '.repeat(800)],
    ['different names', Array.from({ length: 500 }, (_, n) => `@u${n}`).join(' ')],
    ['points', `@ada${'.'.repeat(3990)}`],
    ['what SQL or a pattern would take for its own', `@ada' OR 1=1 -- @%%% @___ @\\ada @{1,2} @"eve" @null`],
    ['other letters', '@Ädä @аda @ada\u200d @\u202eada ＠ada @ａｄａ'],
  ])('of which a message is full as hostile ones are, is stored as it is: %s', async (_, content) => {
    const sent = await say(ada, open, content);

    expect(sent.content).toBe(content.trim());
    expect(sent.mentions.length).toBeLessThanOrEqual(MENTIONS_MAX);
  });
});

describe('In a private room', () => {
  it('only members can be mentioned: others are answered like nobody, to the last field', async () => {
    const room = await aRoom('private');

    const known = await say(ada, room, '@eve');
    const unknown = await say(ada, room, '@nobody-there');

    const { content: _, id: __, seq: ___, created_at: ____, ...rest } = known;
    expect(unknown).toMatchObject(rest);
    expect(known.mentions).toEqual([]);
    expect(await mentionedIn(bob, room, '@ada @eve')).toEqual([ada.id]);
  });

  it('a stranger’s name with a point does not hide the member’s without', async () => {
    const room = await aRoom('private');
    await aPerson(server, 'bob.b.');

    expect(await mentionedIn(ada, room, 'ask @bob.b.')).toEqual([bob.id]);
  });

  it('somebody removed is nobody from then on, also in a message that was looked up before', async () => {
    const room = await aRoom('private');
    await ada.put(`/rooms/${room}/members/${eve.id}`, { role: 'member' });
    const draft = aDraft({
      roomId: room,
      userId: ada.id,
      username: 'Ada',
      content: '@eve @bob.b',
      mentions: { userIds: [eve.id, bob.id], room: false },
    });
    await ada.delete(`/rooms/${room}/members/${eve.id}`);

    const [stored] = await server.app.get<RoomLog>(RoomLog, { strict: false }).append([draft]);

    expect(server.app.get(RoomLog, { strict: false })).toBeInstanceOf(PostgresRoomLog);
    expect(stored).toMatchObject({ message: { mentions: [bob.id] } });
    expect(await mentionedIn(ada, room, '@eve @bob.b')).toEqual([bob.id]);
  });
});

describe('@room', () => {
  it('mentions everyone, by those who may moderate; of others it is text', async () => {
    const room = await aRoom();
    const mods = await aPerson(server, 'mod');
    await ada.put(`/rooms/${room}/members/${mods.id}`, { role: 'moderator' });
    const admin = await aPerson(server, 'admin', 'admin');

    const flags: unknown[] = [];
    for (const author of [ada, mods, admin, bob, eve]) {
      flags.push((await say(author, room, 'Hear, hear, @Room.')).mentions_room);
    }

    expect(flags).toEqual([true, true, true, undefined, undefined]);
  });

  it('is decided with the room held: by someone who was a moderator before it is text', async () => {
    const room = await aRoom();
    const mentions = { userIds: [], room: true };
    const draft = aDraft({ roomId: room, userId: bob.id, username: 'bob.b', content: '@room', mentions });
    await ada.put(`/rooms/${room}/members/${bob.id}`, { role: 'moderator' });
    await ada.put(`/rooms/${room}/members/${bob.id}`, { role: 'member' });

    const [stored] = await server.app.get<RoomLog>(RoomLog, { strict: false }).append([draft]);

    expect(stored).toMatchObject({ message: { content: '@room' } });
    expect(stored).not.toHaveProperty('message.mentions_room');
  });

  it('is no user, though somebody be called so', async () => {
    const room = await aRoom();
    const called = await aPerson(server, 'room');

    const [mine, his] = [await say(ada, room, '@room @eve'), await say(bob, room, '@room @eve')];

    expect(mine).toMatchObject({ mentions: [eve.id], mentions_room: true });
    expect(his.mentions).toEqual([eve.id]);
    expect(his.mentions).not.toContain(called.id);
  });
});

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
    const room = await aRoom();
    const sent = await say(ada, room, 'findme @bob.b @room');

    const read = await readings(room, sent);

    expect(read).toHaveLength(8);
    expect(sent).toMatchObject({ mentions: [bob.id], mentions_room: true });
    expect(read).toEqual(read.map(() => sent));
  });

  it('are looked up anew when the message is edited', async () => {
    const room = await aRoom();
    const sent = await say(ada, room, 'findme @bob.b @room');

    const { body } = await ada.patch<Message>(`/rooms/${room}/messages/${sent.id}`, {
      content: 'findme @eve',
    });

    expect(body.mentions).toEqual([eve.id]);
    expect(body).not.toHaveProperty('mentions_room');
    expect(await readings(room, sent)).toEqual(Array.from({ length: 8 }, () => body));
  });

  it('are gone with the message, everywhere', async () => {
    const room = await aRoom();
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
    const room = await aRoom();
    const question = await say(ada, room, 'who?');

    const reply = await say(eve, room, 'you, @ada, and @bob.b', { reply_to_id: question.id });

    expect(reply.mentions).toEqual([ada.id, bob.id]);
  });

  it('of everyone are one row, however many members there are', async () => {
    const room = await aRoom();
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
