import type { Room } from '../../../src/protocol/models';
import { ChatSocket } from '../../support/chat-socket';
import { aPerson, type Person } from '../../support/person';
import { aRoomOf, aServerWith, heardBefore, inRoom, restrict } from '../../support/signal-stage';
import type { TestServer } from '../../support/test-server';
import { TimeTravel } from '../../support/time-travel';

const INTERVAL_MS = 3000;

let server: TestServer;
let time: TimeTravel;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  server = await aServerWith({});
  time = new TimeTravel(server);
  ada = await aPerson(server, 'ada');
  bob = await aPerson(server, 'bob');
});
afterAll(() => server.stop());

describe('typing', () => {
  it('is told to the others, and to no device of whoever types', async () => {
    const room = await aRoomOf([ada, bob]);
    const [laptop, phone] = [await inRoom(server, ada, room), await inRoom(server, ada, room)];
    const listener = await inRoom(server, bob, room);

    laptop.send({ type: 'typing' });

    const data = { room_id: room, user_id: ada.id, username: 'ada', expires_in_ms: 2 * INTERVAL_MS };
    const heard = await heardBefore(laptop, room, 'typing', [laptop, phone, listener]);
    expect(heard).toEqual([[], [], [data]]);
    await Promise.all([laptop, phone, listener].map((socket) => socket.close()));
  });

  it('is passed on once in 3 s for each user and room', async () => {
    const [room, other] = [await aRoomOf([ada, bob]), await aRoomOf([ada, bob])];
    const [laptop, phone] = [await ChatSocket.open(server, ada), await inRoom(server, ada, room)];
    const listener = await inRoom(server, bob, room);
    const otherListener = await inRoom(server, bob, other);

    for (let n = 0; n < 5; n++) laptop.send({ type: 'typing', room_id: room });
    await laptop.request({ type: 'ping' });
    phone.send({ type: 'typing' });
    laptop.send({ type: 'typing', room_id: other });
    const [atOnce] = await heardBefore(phone, room, 'typing', [listener]);
    const [elsewhere] = await heardBefore(laptop, other, 'typing', [otherListener]);
    time.advance(INTERVAL_MS);
    phone.send({ type: 'typing' });
    const [later] = await heardBefore(phone, room, 'typing', [listener]);

    expect([atOnce, elsewhere, later].map((frames) => frames!.length)).toEqual([1, 1, 2]);
    await Promise.all([laptop, phone, listener, otherListener].map((socket) => socket.close()));
  });

  it('joins nobody, though whoever may post in a public room may be seen typing in it', async () => {
    const room = await aRoomOf([ada], 'public');
    const [listener, stranger] = [await inRoom(server, ada, room), await ChatSocket.open(server, bob)];

    stranger.send({ type: 'typing', room_id: room });
    await listener.next('typing');

    expect((await bob.get<Room>(`/rooms/${room}`)).body.my).toBeNull();
    await Promise.all([listener.close(), stranger.close()]);
  });

  it('in a private room of others is answered as in an absent one, and heard by nobody', async () => {
    const room = await aRoomOf([ada]);
    const [listener, stranger] = [await inRoom(server, ada, room), await ChatSocket.open(server, bob)];

    const hidden = await stranger.request({ type: 'typing', room_id: room });
    const absent = await stranger.request({ type: 'typing', room_id: 999_999 });

    expect(hidden).toMatchObject({ type: 'error', code: 'room_not_found' });
    expect({ ...hidden, request_id: 0, room_id: 0 }).toEqual({ ...absent, request_id: 0, room_id: 0 });
    expect(await heardBefore(listener, room, 'typing', [listener])).toEqual([[]]);
    await Promise.all([listener.close(), stranger.close()]);
  });

  it('is for those who may write: neither the muted nor the banned', async () => {
    const room = await aRoomOf([ada], 'public');
    const [muted, banned] = [await aPerson(server, 'muted'), await aPerson(server, 'banned')];
    await restrict(server, 'mute', room, muted);
    await restrict(server, 'ban', room, banned);
    const listener = await inRoom(server, ada, room);

    const codes: unknown[] = [];
    for (const person of [muted, banned]) {
      const socket = await ChatSocket.open(server, person);
      codes.push((await socket.request({ type: 'typing', room_id: room })).code);
      await socket.close();
    }

    expect(codes).toEqual(['muted', 'banned']);
    expect(await heardBefore(listener, room, 'typing', [listener])).toEqual([[]]);
    await listener.close();
  });

  it('needs to say where, on a socket of many rooms', async () => {
    const socket = await ChatSocket.open(server, ada);

    expect(await socket.request({ type: 'typing' })).toMatchObject({ code: 'validation_failed' });
    expect(await socket.request({ type: 'typing', room_id: 'here' })).toMatchObject({
      code: 'validation_failed',
    });
    await socket.close();
  });
});
