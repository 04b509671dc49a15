import type { PresenceData } from '../../../src/protocol/frames';
import { ChatSocket, type Frame } from '../../support/chat-socket';
import { aPerson, type Person } from '../../support/person';
import { RoomReplica } from '../../support/room-replica';
import { aRoomOf, aServerWith, inRoom, restrict } from '../../support/signal-stage';
import type { TestServer } from '../../support/test-server';
import { TimeTravel } from '../../support/time-travel';

const INTERVAL_MS = 50;
const GRACE_MS = 10_000;

let server: TestServer;
let time: TimeTravel;
let ada: Person;
let bob: Person;
let carol: Person;

beforeAll(async () => {
  server = await aServerWith({ presence_interval_ms: INTERVAL_MS });
  time = new TimeTravel(server);
  ada = await aPerson(server, 'ada');
  bob = await aPerson(server, 'bob');
  carol = await aPerson(server, 'carol');
});
afterAll(() => server.stop());

const shown = ({ id, username }: Person) => ({ id, username });
const presenceOf = ({ frames }: ChatSocket) =>
  frames.filter(({ type }) => type === 'presence').map(({ data }) => data as PresenceData);

/** The next frame that says something of the person. */
const newsOf = (socket: ChatSocket, person: Person): Promise<Frame> =>
  socket.next(
    ({ type, data }) =>
      type === 'presence' &&
      [...((data as PresenceData).joined ?? []), ...((data as PresenceData).left ?? [])].some(
        ({ id }) => id === person.id,
      ),
  );

describe('presence', () => {
  it('is shown right behind the answer to a join, over both doors, and over REST', async () => {
    const room = await aRoomOf([ada, bob]);

    const single = await ChatSocket.open(server, ada, { path: `/${room}` });
    await single.next('presence');
    const many = await ChatSocket.open(server, bob);
    await many.request({ type: 'join', room_id: room, after_seq: 0 });
    await many.next('presence');

    expect(single.frames.slice(0, 2).map(({ type }) => type)).toEqual(['messages_history', 'presence']);
    expect(single.frames[1]!.data).toEqual({ room_id: room, count: 1, users: [shown(ada)] });
    expect(many.frames.map(({ type }) => type)).toEqual(['welcome', 'changes', 'presence']);
    expect(many.frames[2]!.data).toEqual({ room_id: room, count: 2, users: [shown(ada), shown(bob)] });
    const { status, body } = await bob.get(`/rooms/${room}/presence`);
    expect([status, body]).toEqual([200, { count: 2, users: [shown(ada), shown(bob)] }]);
    await Promise.all([single.close(), many.close()]);
  });

  it('tells who comes, and after the grace who has gone', async () => {
    const room = await aRoomOf([ada, bob]);
    const listener = await inRoom(server, ada, room);

    const other = await inRoom(server, bob, room);
    expect((await newsOf(listener, bob)).data).toEqual({
      room_id: room,
      count: 2,
      // Ada came so shortly before that she may be news as well.
      joined: expect.arrayContaining([shown(bob)]),
    });

    await other.close();
    time.advance(GRACE_MS);
    expect((await newsOf(listener, bob)).data).toEqual({ room_id: room, count: 1, left: [shown(bob)] });
    await listener.close();
  });

  it('says nothing of a reconnect, nor of a second device', async () => {
    const room = await aRoomOf([ada, bob, carol]);
    const listener = await inRoom(server, ada, room);
    const first = await inRoom(server, bob, room);
    await newsOf(listener, bob);

    await first.close();
    const back = await inRoom(server, bob, room);
    const phone = await inRoom(server, bob, room);
    const third = await inRoom(server, carol, room);
    await newsOf(listener, carol);

    expect(presenceOf(listener).slice(-1)).toEqual([{ room_id: room, count: 3, joined: [shown(carol)] }]);
    const ofBob = presenceOf(listener).filter(({ joined, left }) =>
      [...(joined ?? []), ...(left ?? [])].some(({ id }) => id === bob.id),
    );
    expect(ofBob).toHaveLength(1);
    await Promise.all([listener, back, phone, third].map((socket) => socket.close()));
  });

  it('forgets at once whoever is removed, and tells them nothing more', async () => {
    const room = await aRoomOf([ada, bob, carol]);
    const listener = await inRoom(server, ada, room);
    const removed = await ChatSocket.open(server, bob);
    await removed.request({ type: 'join', room_id: room });
    await newsOf(listener, bob);

    await ada.delete(`/rooms/${room}/members/${bob.id}`);
    const { data } = await newsOf(listener, bob);
    const third = await inRoom(server, carol, room);
    await newsOf(listener, carol);
    await removed.request({ type: 'ping' });

    expect(data).toEqual({ room_id: room, count: 1, left: [shown(bob)] });
    const afterLeaving = removed.frames.slice(removed.frames.findIndex(({ type }) => type === 'left'));
    expect(afterLeaving.map(({ type }) => type)).toEqual(['left', 'pong']);
    await Promise.all([listener, removed, third].map((socket) => socket.close()));
  });

  it('leaves no trace of someone away whose right to read ends with the room’s turn to private', async () => {
    const room = await aRoomOf([ada], 'public');
    const listener = await inRoom(server, ada, room);
    await (await inRoom(server, bob, room)).close();
    await newsOf(listener, bob);

    await ada.patch(`/rooms/${room}`, { visibility: 'private' });

    const { body } = await ada.get(`/rooms/${room}/presence`);
    expect(body).toEqual({ count: 1, users: [shown(ada)] });
    await listener.close();
  });

  it('tells strangers of a private room what it tells of an absent one', async () => {
    const room = await aRoomOf([ada]);
    const listener = await inRoom(server, ada, room);
    const root = await aPerson(server, 'root', 'admin');

    for (const stranger of [bob, root]) {
      const [hidden, absent] = await Promise.all(
        [room, 999_999].map((id) => stranger.get<Record<string, unknown>>(`/rooms/${id}/presence`)),
      );
      expect(hidden!.status).toBe(404);
      expect({ ...hidden!.body, request_id: '', instance: '' }).toEqual({
        ...absent!.body,
        request_id: '',
        instance: '',
      });
    }
    await listener.close();
  });

  it('is not for the banned', async () => {
    const room = await aRoomOf([ada], 'public');
    await restrict(server, 'ban', room, bob);

    const { status, body } = await bob.get<{ code: string }>(`/rooms/${room}/presence`);

    expect([status, body.code]).toEqual([403, 'banned']);
  });

  it('comes between live messages without touching their order', async () => {
    const room = await aRoomOf([ada, bob, carol]);
    const replica = new RoomReplica(room);
    const reader = await ChatSocket.open(server, ada, { path: `/${room}` });
    await replica.readAnswer(reader);
    const writer = await inRoom(server, bob, room);

    for (let round = 0; round < 10; round++) {
      const sent = Array.from({ length: 10 }, () => writer.say('hello'));
      const passerBy = await inRoom(server, carol, room);
      await Promise.all([...sent, passerBy.close()]);
      time.advance(GRACE_MS);
      await replica.readTo(reader, (round + 1) * 10);
    }
    await newsOf(writer, carol);

    expect(replica.position).toBe(100);
    expect(presenceOf(reader).length).toBeGreaterThan(1);
    await Promise.all([reader.close(), writer.close()]);
  });
});

describe('presence in a crowd', () => {
  const COUNT = 300;
  const CROWD_INTERVAL_MS = 200;

  it('is a number alone beyond 200, told in a few frames however many come', async () => {
    const crowded = await aServerWith({ presence_interval_ms: CROWD_INTERVAL_MS });
    const people: Person[] = [];
    for (let n = 0; n < COUNT; n++) people.push(await aPerson(crowded, `person-${n}`));
    const listener = await inRoom(crowded, people[0]!, 1);

    const startedAt = performance.now();
    const others = await Promise.all(people.slice(1).map((person) => inRoom(crowded, person, 1)));
    await listener.next(({ type, data }) => type === 'presence' && data.count === COUNT);
    const tookMs = performance.now() - startedAt;
    const { body } = await people[0]!.get('/rooms/1/presence');

    expect(presenceOf(listener).at(-1)).toEqual({ room_id: 1, count: COUNT });
    expect(body).toEqual({ count: COUNT });
    expect(presenceOf(listener).length).toBeLessThanOrEqual(2 + tookMs / CROWD_INTERVAL_MS);
    const firstShown = others.map((socket) => presenceOf(socket)[0]!);
    expect(firstShown.every(({ count, users }) => (users ? users.length === count : count > 200))).toBe(true);
    await Promise.all([listener, ...others].map((socket) => socket.close()));
    await crowded.stop();
  });
});
