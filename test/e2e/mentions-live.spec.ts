import type { Message, Room } from '../../src/protocol/models';
import { ChatSocket } from '../support/chat-socket';
import { aPerson, type Person } from '../support/person';
import { RoomReplica } from '../support/room-replica';
import { aRoomOf, aServerWith, inRoom } from '../support/signal-stage';
import type { TestServer } from '../support/test-server';

let server: TestServer;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  server = await aServerWith({});
  ada = await aPerson(server, 'ada');
  bob = await aPerson(server, 'bob');
});
afterAll(() => server.stop());

const named = ({ mentions, mentions_room }: Message) => ({ mentions, mentions_room });

describe('Mentions over WebSocket', () => {
  it('are in every live frame, and in what a client catches up with', async () => {
    const room = await aRoomOf([ada, bob], 'public');
    const [author, reader] = [await inRoom(server, ada, room), await inRoom(server, bob, room)];
    await author.say('@bob @nobody');
    await author.say('@room');
    await author.say('@bob @room');
    await author.request({ type: 'edit_message', message_id: 1, content: '@ada and @room' });
    await author.request({ type: 'delete_message', message_id: 3 });

    const live: Message[] = [];
    for (let n = 0; n < 5; n++) {
      const { data } = await reader.next(
        ({ type }) => type.startsWith('message') && type !== 'messages_history',
      );
      live.push(data as Message);
    }
    const late = await ChatSocket.open(server, bob, { path: `/${room}?after_seq=0` });
    const replica = new RoomReplica(room, 0);
    await replica.readTo(late, 5);

    expect(live.map(named)).toEqual([
      { mentions: [bob.id] },
      { mentions: [], mentions_room: true },
      { mentions: [bob.id], mentions_room: true },
      { mentions: [ada.id], mentions_room: true },
      { mentions: [] },
    ]);
    expect([...replica.messages.values()].sort((a, b) => a.id - b.id).map(named)).toEqual([
      { mentions: [ada.id], mentions_room: true },
      { mentions: [], mentions_room: true },
      { mentions: [] },
    ]);
    await Promise.all([author, reader, late].map((socket) => socket.close()));
  });

  it('keep the order of one socket’s messages, with an @ or without', async () => {
    const room = await aRoomOf([ada, bob]);
    const author = await inRoom(server, ada, room);
    const texts = Array.from({ length: 60 }, (_, n) => (n % 3 === 0 ? `@bob ${n}` : `message ${n}`));

    await Promise.all(texts.map((text) => author.say(text)));

    const { body } = await ada.get<{ messages: Message[] }>(`/rooms/${room}/messages?limit=60`);
    expect(body.messages.map(({ content }) => content)).toEqual(texts);
    await author.close();
  });

  it('are read with a read frame', async () => {
    const room = await aRoomOf([ada, bob], 'public');
    const [author, reader] = [await inRoom(server, ada, room), await inRoom(server, bob, room)];
    for (const text of ['@bob', '@room', 'last @bob']) await author.say(text);
    const before = (await bob.get<Room>(`/rooms/${room}`)).body.my;

    reader.send({ type: 'read', message_id: 2 });
    await reader.next('read');

    expect(before).toMatchObject({ unread_count: 3, mention_count: 3 });
    expect((await bob.get<Room>(`/rooms/${room}`)).body.my).toMatchObject({
      unread_count: 1,
      mention_count: 1,
    });
    await Promise.all([author.close(), reader.close()]);
  });
});
