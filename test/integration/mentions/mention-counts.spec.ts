import fc from 'fast-check';
import type { Membership, Message, ReadState, Room, RoomPage } from '../../../src/protocol/models';
import { aPerson, type Person } from '../../support/person';
import { startTestServer, type TestServer } from '../../support/test-server';

let server: TestServer;
let ada: Person;
let bob: Person;
let eve: Person;
let rooms = 0;

beforeAll(async () => {
  server = await startTestServer();
  ada = await aPerson(server, 'ada');
  bob = await aPerson(server, 'bob');
  eve = await aPerson(server, 'eve');
});
afterAll(() => server.stop());

/** A room of Ada's with Bob and Eve in it. */
async function aRoom(visibility: Room['visibility'] = 'public'): Promise<number> {
  const { body } = await ada.post<Room>('/rooms', { name: `counts ${++rooms}`, visibility });
  for (const { id } of [bob, eve]) await ada.put(`/rooms/${body.id}/members/${id}`, { role: 'member' });
  return body.id;
}

async function say(author: Person, room: number, content: string): Promise<number> {
  return (await author.post<Message>(`/rooms/${room}/messages`, { content })).body.id;
}

async function read(reader: Person, room: number, message_id: number): Promise<ReadState> {
  return (await reader.put<ReadState>(`/rooms/${room}/read`, { message_id })).body;
}

const my = async (person: Person, room: number) => (await person.get<Room>(`/rooms/${room}`)).body.my!;
const counts = ({ unread_count, mention_count }: Membership | ReadState) => [unread_count, mention_count];
const countsOf = async (person: Person, room: number) => counts(await my(person, room));

describe('mention_count', () => {
  it('counts what mentions a member behind the reading mark, by name or with everyone', async () => {
    const room = await aRoom();
    for (const text of ['hello', '@bob', '@room', '@eve', '@bob @room @bob']) await say(ada, room, text);

    const before = [await countsOf(bob, room), await countsOf(eve, room)];
    const marks = [await read(bob, room, 2), await read(bob, room, 1), await read(bob, room, 99)];

    expect(before).toEqual([
      [5, 3],
      [5, 3],
    ]);
    expect(marks).toEqual([
      { last_read_id: 2, unread_count: 3, mention_count: 2 },
      { last_read_id: 2, unread_count: 3, mention_count: 2 },
      { last_read_id: 5, unread_count: 0, mention_count: 0 },
    ]);
    expect(await countsOf(bob, room)).toEqual([0, 0]);
  });

  it('stands in every room that a list gives', async () => {
    const [one, two] = [await aRoom(), await aRoom('private')];
    await say(ada, one, '@bob');
    for (const text of ['@room', '@bob', 'x']) await say(ada, two, text);

    const { body } = await bob.get<RoomPage>('/rooms?joined=true');

    const found = body.rooms.filter(({ id }) => id === one || id === two);
    // In a private room the log tells of Eve, who was added behind Bob.
    expect(found.map((room) => counts(room.my!))).toEqual([
      [1, 1],
      [4, 2],
    ]);
  });

  it('follows edits and deletions', async () => {
    const room = await aRoom();
    const ids = [await say(ada, room, 'nobody'), await say(ada, room, '@bob'), await say(ada, room, '@room')];
    const path = (n: number) => `/rooms/${room}/messages/${ids[n]}`;
    const seen: unknown[] = [];
    const look = async () => seen.push((await my(bob, room)).mention_count);

    await look();
    for (const content of ['now @bob', '@room', '@bob @room', '@eve']) {
      await ada.patch(path(0), { content });
      await look();
    }
    for (const n of [0, 1, 2, 2]) {
      await ada.delete(path(n));
      await look();
    }

    expect(seen).toEqual([2, 3, 3, 3, 2, 2, 1, 0, 0]);
    expect((await my(bob, room)).unread_count).toBe(3);
  });

  it('does not count what its reader wrote, nor what mentions nobody there', async () => {
    const room = await aRoom();
    await say(bob, room, 'something for Ada to read');

    for (const text of ['@ada', '@room', '@nobody']) await say(ada, room, text);

    expect(await countsOf(ada, room)).toEqual([4, 0]);
    expect(await countsOf(eve, room)).toEqual([4, 1]);
  });

  it('begins anew for those who come back, and stays where others leave', async () => {
    const room = await aRoom();
    await say(ada, room, '@bob @eve');
    await bob.post(`/rooms/${room}/leave`);
    await say(ada, room, '@bob @eve');

    const away = (await bob.get<Room>(`/rooms/${room}`)).body.my;
    await bob.post(`/rooms/${room}/join`);

    expect(away).toBeNull();
    expect(await countsOf(bob, room)).toEqual([0, 0]);
    expect(await countsOf(eve, room)).toEqual([2, 2]);
    await say(ada, room, '@bob');
    expect(await countsOf(bob, room)).toEqual([1, 1]);
  });
});

describe('What one writes', () => {
  it('is read, by an author who had read everything', async () => {
    const room = await aRoom();

    for (const n of [1, 2, 3]) await say(ada, room, `message ${n}`);

    expect(await my(ada, room)).toMatchObject({ last_read_id: 3, unread_count: 0 });
    expect(await countsOf(bob, room)).toEqual([3, 0]);
  });

  it('leaves unread what others wrote before, until that is read', async () => {
    const room = await aRoom();
    await say(bob, room, 'question');
    await say(ada, room, 'something else');

    const before = await my(ada, room);
    const after = await read(ada, room, 2);

    expect(before).toMatchObject({ last_read_id: 0, unread_count: 2 });
    expect(after).toMatchObject({ last_read_id: 2, unread_count: 0 });
  });

  it('is read in whatever way it was stored: answering, in slow mode, pinning, renaming', async () => {
    const room = await aRoom();
    await say(ada, room, 'question');
    await ada.post(`/rooms/${room}/messages`, { content: 'answer', reply_to_id: 1 });
    await ada.put(`/rooms/${room}/messages/1/pin`);
    await ada.patch(`/rooms/${room}`, { description: 'new', slow_mode_seconds: 60 });
    await read(bob, room, 99);
    await say(bob, room, 'slowly');

    expect(await my(bob, room)).toMatchObject({ last_read_id: 6, unread_count: 0 });
    expect(await my(ada, room)).toMatchObject({ last_read_id: 5, unread_count: 1 });
  });

  it('is read by who joins a public room with it', async () => {
    const room = await aRoom();
    const guest = await aPerson(server, 'guest');
    await say(ada, room, 'before');

    await say(guest, room, 'hello');

    expect(await my(guest, room)).toMatchObject({ last_read_id: 2, unread_count: 0 });
  });
});

describe('The counts', () => {
  it('are exact after whatever is sent, edited, deleted and read at the same time', async () => {
    const room = await aRoom();
    const people = [ada, bob, eve];
    const text = () => fc.constantFrom('plain', '@ada', '@bob @eve', '@room', '@room @bob', '@eve @nobody');
    const act = fc.record({
      kind: fc.constantFrom('say', 'say', 'say', 'reply', 'edit', 'delete', 'read'),
      who: fc.nat({ max: 2 }),
      target: fc.integer({ min: 1, max: 60 }),
      text: text(),
    });
    const acts = fc.sample(act, { seed: 20260102, numRuns: 150 });

    const states = await Promise.all(
      acts.map(async ({ kind, who, target, text }) => {
        const [person, message] = [people[who]!, `/rooms/${room}/messages/${target}`];
        if (kind === 'read') return read(person, room, target);
        if (kind === 'edit') await person.patch(message, { content: text });
        else if (kind === 'delete') await person.delete(message);
        else
          await person.post(`/rooms/${room}/messages`, {
            content: text,
            ...(kind === 'reply' && { reply_to_id: 1 }),
          });
        return null;
      }),
    );

    for (const state of states.filter((state) => state !== null)) {
      expect(state.mention_count).toBeLessThanOrEqual(state.unread_count);
    }
    for (const person of people) {
      const { last_read_id, unread_count, mention_count } = await my(person, room);
      const [truth] = await server.dataSource.query<{ unread: number; mentions: number }[]>(
        `SELECT count(*) AS unread, count(*) FILTER (
           WHERE user_id <> $2 AND (mentions_room OR $2 = ANY (mentions))) AS mentions
         FROM messages WHERE room_id = $1 AND id > $3`,
        [room, person.id, last_read_id],
      );
      expect({ unread: unread_count, mentions: mention_count }).toEqual(truth);
    }
  });
});
