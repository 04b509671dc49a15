import type { Message } from '../../../src/protocol/models';
import { PostgresRoomLog } from '../../../src/chat/postgres-room-log';
import { RoomLog } from '../../../src/realtime/room-log';
import { aDraft } from '../../support/a-message';
import { aPerson, type Person } from '../../support/person';
import type { TestServer } from '../../support/test-server';
import { MENTIONS_MAX, MentionStage, say } from './mention-stage';

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

const mentionedIn = async (author: Person, room: number, content: string) =>
  (await say(author, room, content)).mentions;

describe('A name behind an @', () => {
  let open: number;
  beforeAll(async () => {
    open = await stage.aRoom();
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
    const room = await stage.aRoom('private');

    const known = await say(ada, room, '@eve');
    const unknown = await say(ada, room, '@nobody-there');

    const { content: _, id: __, seq: ___, created_at: ____, ...rest } = known;
    expect(unknown).toMatchObject(rest);
    expect(known.mentions).toEqual([]);
    expect(await mentionedIn(bob, room, '@ada @eve')).toEqual([ada.id]);
  });

  it('a stranger’s name with a point does not hide the member’s without', async () => {
    const room = await stage.aRoom('private');
    await aPerson(server, 'bob.b.');

    expect(await mentionedIn(ada, room, 'ask @bob.b.')).toEqual([bob.id]);
  });

  it('somebody removed is nobody from then on, also in a message that was looked up before', async () => {
    const room = await stage.aRoom('private');
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
    const room = await stage.aRoom();
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
    const room = await stage.aRoom();
    const mentions = { userIds: [], room: true };
    const draft = aDraft({ roomId: room, userId: bob.id, username: 'bob.b', content: '@room', mentions });
    await ada.put(`/rooms/${room}/members/${bob.id}`, { role: 'moderator' });
    await ada.put(`/rooms/${room}/members/${bob.id}`, { role: 'member' });

    const [stored] = await server.app.get<RoomLog>(RoomLog, { strict: false }).append([draft]);

    expect(stored).toMatchObject({ message: { content: '@room' } });
    expect(stored).not.toHaveProperty('message.mentions_room');
  });

  it('is no user, though somebody be called so', async () => {
    const room = await stage.aRoom();
    const called = await aPerson(server, 'room');

    const [mine, his] = [await say(ada, room, '@room @eve'), await say(bob, room, '@room @eve')];

    expect(mine).toMatchObject({ mentions: [eve.id], mentions_room: true });
    expect(his.mentions).toEqual([eve.id]);
    expect(his.mentions).not.toContain(called.id);
  });
});
