import type { ReadState } from '../../../src/protocol/models';
import { ChatSocket, type Frame } from '../../support/chat-socket';
import { aPerson, type Person } from '../../support/person';
import { aRoomOf, aServerWith, heardBefore, inRoom } from '../../support/signal-stage';
import type { TestServer } from '../../support/test-server';

const MEMBERS_MAX = 2;

let server: TestServer;
let ada: Person;
let bob: Person;
let carol: Person;

beforeAll(async () => {
  server = await aServerWith({ read_frames_max_members: MEMBERS_MAX });
  ada = await aPerson(server, 'ada');
  bob = await aPerson(server, 'bob');
  carol = await aPerson(server, 'carol');
});
afterAll(() => server.stop());

// Rooms are public where messages are counted: in others the log tells who was added.
const say = (socket: ChatSocket, count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => socket.say(`message ${n}`)));

describe('reading', () => {
  it('is told to every device of the user, in whatever room, and to the others in a small room', async () => {
    const [room, elsewhere] = [await aRoomOf([ada, bob], 'public'), await aRoomOf([bob])];
    const author = await inRoom(server, ada, room);
    const devices = [
      await inRoom(server, bob, room),
      await inRoom(server, bob, elsewhere),
      await ChatSocket.open(server, bob),
    ];
    await say(author, 3);

    devices[2]!.send({ type: 'read', room_id: room, message_id: 2 });

    const data = { room_id: room, user_id: bob.id, message_id: 2 };
    for (const socket of [author, ...devices]) expect((await socket.next('read')).data).toEqual(data);
    expect((await bob.get(`/rooms/${room}`)).body).toMatchObject({
      my: { last_read_id: 2, unread_count: 1 },
    });
    await Promise.all([author, ...devices].map((socket) => socket.close()));
  });

  it('over REST is told alike', async () => {
    const room = await aRoomOf([ada, bob], 'public');
    const [author, device] = [await inRoom(server, ada, room), await inRoom(server, bob, room)];
    await say(author, 3);

    const { status, body } = await bob.put<ReadState>(`/rooms/${room}/read`, { message_id: 1 });

    expect([status, body]).toEqual([200, { last_read_id: 1, unread_count: 2, mention_count: 0 }]);
    const data = { room_id: room, user_id: bob.id, message_id: 1 };
    for (const socket of [author, device]) expect((await socket.next('read')).data).toEqual(data);
    await Promise.all([author.close(), device.close()]);
  });

  it('never goes back nor beyond the newest, and is told only where it moves', async () => {
    const room = await aRoomOf([ada, bob], 'public');
    const [author, device] = [await inRoom(server, ada, room), await inRoom(server, bob, room)];
    await say(author, 3);

    for (const message_id of [2, 2, 1, 999, 3]) device.send({ type: 'read', message_id });
    await device.request({ type: 'ping' });
    const { body } = await bob.put<ReadState>(`/rooms/${room}/read`, { message_id: 1 });

    expect(body).toEqual({ last_read_id: 3, unread_count: 0, mention_count: 0 });
    const heard = await heardBefore(author, room, 'read', [author, device]);
    const marks = [2, 3].map((message_id) => ({ room_id: room, user_id: bob.id, message_id }));
    expect(heard).toEqual([marks, marks]);
    await Promise.all([author.close(), device.close()]);
  });

  it('with a request id is answered with where the mark stands, once, and told to the others as ever', async () => {
    const room = await aRoomOf([ada, bob], 'public');
    const [author, device] = [await inRoom(server, ada, room), await inRoom(server, bob, room)];
    const another = await inRoom(server, bob, room);
    await say(author, 3);

    const answers: Frame[] = [];
    for (const message_id of [2, 1, 2]) answers.push(await device.request({ type: 'read', message_id }));

    const data = { room_id: room, user_id: bob.id, message_id: 2 };
    expect(answers).toMatchObject([1, 2, 3].map(() => ({ type: 'read', data })));
    expect(await heardBefore(author, room, 'read', [author, another, device])).toEqual([
      [data],
      [data],
      [data, data, data],
    ]);
    await Promise.all([author, device, another].map((socket) => socket.close()));
  });

  it('moves once, and is told once, when two devices report the same at once', async () => {
    const room = await aRoomOf([ada, bob], 'public');
    const [author, device] = [await inRoom(server, ada, room), await inRoom(server, bob, room)];
    await say(author, 1);

    await Promise.all(
      Array.from({ length: 8 }, () => bob.put<ReadState>(`/rooms/${room}/read`, { message_id: 1 })),
    );

    const [heard] = await heardBefore(author, room, 'read', [device]);
    expect(heard).toHaveLength(1);
    await Promise.all([author.close(), device.close()]);
  });

  it('in a room with many members is told to the user’s devices alone', async () => {
    const room = await aRoomOf([ada, bob, carol], 'public');
    const [author, device] = [await inRoom(server, ada, room), await inRoom(server, bob, room)];
    await say(author, 1);

    device.send({ type: 'read', message_id: 1 });
    await device.next('read');

    expect(await heardBefore(author, room, 'read', [author])).toEqual([[]]);
    await Promise.all([author.close(), device.close()]);
  });

  it('is for members: others of a public room are told so, of a private one that there is none', async () => {
    const [open, hidden] = [await aRoomOf([ada], 'public'), await aRoomOf([ada])];
    const stranger = await ChatSocket.open(server, bob);

    const codes: unknown[] = [];
    for (const room_id of [open, hidden, 999_999]) {
      codes.push((await stranger.request({ type: 'read', room_id, message_id: 1 })).code);
      codes.push((await bob.put<{ code: string }>(`/rooms/${room_id}/read`, { message_id: 1 })).body.code);
    }

    expect(codes).toEqual([
      ...['not_a_member', 'not_a_member'],
      ...['room_not_found', 'room_not_found'],
      ...['room_not_found', 'room_not_found'],
    ]);
    await stranger.close();
  });

  it('of nothing, or of what is no message id, is refused', async () => {
    const socket = await inRoom(server, ada, await aRoomOf([ada]));

    for (const message_id of [undefined, 0, -1, 1.5, '1']) {
      expect(await socket.request({ type: 'read', message_id })).toMatchObject({ code: 'validation_failed' });
    }
    await socket.close();
  });
});
