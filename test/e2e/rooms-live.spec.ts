import type { Room } from '../../src/protocol/models';
import { ChatSocket } from '../support/chat-socket';
import { holdTable } from '../support/hold-table';
import { aPerson, type Person } from '../support/person';
import { startTestServer, type TestServer } from '../support/test-server';
import { until } from '../support/until';

let server: TestServer;
let ada: Person;
let bob: Person;
let made = 0;

beforeAll(async () => {
  server = await startTestServer();
  [ada, bob] = await Promise.all([aPerson(server, 'ada'), aPerson(server, 'bob')]);
});
afterAll(() => server.stop());

/** A room of Ada's with Bob as a member. */
async function aRoomOfBoth(visibility: Room['visibility']): Promise<number> {
  const { body } = await ada.post<Room>('/rooms', { name: `room ${++made}`, visibility });
  await ada.put(`/rooms/${body.id}/members/${bob.id}`, { role: 'member' });
  return body.id;
}

/** A socket that reads the room and nothing else. */
async function inRoom(person: Person, room: number): Promise<ChatSocket> {
  const socket = await ChatSocket.open(server, person, { path: `/${room}` });
  await socket.next('messages_history');
  return socket;
}

/** Says something and waits until everyone who reads the room has been sent it; gives whether `listener` heard it. */
async function isHeardBy(listener: ChatSocket, speaker: ChatSocket): Promise<boolean> {
  const { id } = await speaker.say('does anyone hear me?');
  await speaker.next(({ type, data }) => type === 'message' && data.id === id);
  await listener.request({ type: 'ping' });
  return listener.frames.some(({ type, data }) => type === 'message' && data.id === id);
}

describe('those who read a room', () => {
  it('hear of its new name and of who comes, by joining or by talking', async () => {
    const room = await aRoomOfBoth('public');
    const listener = await inRoom(bob, room);
    const carol = await aPerson(server, 'carol');

    await ada.patch(`/rooms/${room}`, { name: 'a better name' });
    expect((await listener.next('room_updated')).data).toMatchObject({ id: room, name: 'a better name' });
    await carol.post(`/rooms/${room}/messages`, { content: 'hello' });
    expect((await listener.next('member_updated')).data).toEqual({
      room_id: room,
      user: { id: carol.id, username: 'carol' },
      role: 'member',
      change: 'joined',
    });
    expect((await listener.next('message')).data.event).toMatchObject({ to: 'a better name' });
    expect((await listener.next('message')).data).toMatchObject({ content: 'hello', username: 'carol' });

    await listener.close();
  });

  it('are told when it is archived: closed with 4404 where it is the only room', async () => {
    const room = await aRoomOfBoth('public');
    const single = await inRoom(bob, room);
    const many = await ChatSocket.open(server, bob);
    await many.request({ type: 'join', room_id: room });

    await ada.delete(`/rooms/${room}`);

    for (const socket of [single, many]) {
      expect((await socket.next('room_closed')).data).toEqual({ room_id: room });
    }
    expect((await single.closed).code).toBe(4404);
    expect(await many.request({ type: 'message', room_id: room, content: 'still there?' })).toMatchObject({
      type: 'error',
      code: 'room_not_found',
    });
    await many.close();
  });

  it('are sent away when they are removed, and hear no more', async () => {
    const room = await aRoomOfBoth('private');
    const [speaker, single] = [await inRoom(ada, room), await inRoom(bob, room)];
    const many = await ChatSocket.open(server, bob);
    await many.request({ type: 'join', room_id: room });
    expect(await isHeardBy(many, speaker)).toBe(true);

    await ada.delete(`/rooms/${room}/members/${bob.id}`);

    expect((await single.closed).code).toBe(4403);
    expect(await isHeardBy(many, speaker)).toBe(false);
    expect(await many.request({ type: 'join', room_id: room })).toMatchObject({ code: 'room_not_found' });
    await Promise.all([speaker.close(), many.close()]);
  });

  it('hear no more of a room that turns private, unless they are members', async () => {
    const room = await aRoomOfBoth('public');
    const passerBy = await inRoom(await aPerson(server, 'passer-by'), room);
    const [speaker, member] = [await inRoom(ada, room), await inRoom(bob, room)];

    await ada.patch(`/rooms/${room}`, { visibility: 'private' });

    expect((await passerBy.closed).code).toBe(4403);
    expect(await isHeardBy(member, speaker)).toBe(true);
    await Promise.all([speaker.close(), member.close()]);
  });

  it('hear nothing after a removal that came while they were joining', async () => {
    const room = await aRoomOfBoth('private');
    const listener = await ChatSocket.open(server, bob);
    // Every read of a log asks for its epoch; the removal writes no such thing.
    const letGo = await holdTable(server, 'log_epoch');

    const joining = listener.request({ type: 'join', room_id: room });
    await until(someoneWaits);
    await ada.delete(`/rooms/${room}/members/${bob.id}`);
    await letGo();

    await joining;
    const speaker = await inRoom(ada, room);
    expect(await isHeardBy(listener, speaker)).toBe(false);
    expect(listener.frames.map(({ code }) => code)).toContain('room_not_found');
    await Promise.all([listener.close(), speaker.close()]);
  });

  /** Fails unless a statement waits for a table. */
  async function someoneWaits(): Promise<void> {
    const waiting = await server.dataSource.query<unknown[]>(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'relation'`,
    );
    if (waiting.length === 0) throw new Error('Nobody waits.');
  }
});
