import type { Message, Room } from '../../src/protocol/models';
import { ChatSocket } from '../support/chat-socket';
import { aPerson, type Person } from '../support/person';
import { refused } from '../support/refused';
import { startTestServer, type TestServer } from '../support/test-server';

describe('someone who is banned while reading and talking', () => {
  let server: TestServer;
  let ada: Person;
  let bob: Person;
  let room: number;

  beforeAll(async () => {
    server = await startTestServer({ rateLimitsEnabled: false });
    ada = await aPerson(server, 'ada');
    bob = await aPerson(server, 'bob');
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    room = (await ada.post<Room>('/rooms', { name: `room ${Math.random()}` })).body.id;
    await bob.post(`/rooms/${room}/join`);
  });

  const ban = () => ada.put(`/rooms/${room}/bans/${bob.id}`, { reason: 'spam' });

  it('is out at once: closed with 4403, the many-room socket out of the room with the reason', async () => {
    const single = await ChatSocket.open(server, bob, { path: `/${room}` });
    await single.next('messages_history');
    const many = await ChatSocket.open(server, bob);
    await many.request({ type: 'join', room_id: room });

    await ban();

    expect((await many.next('left')).data).toEqual({ room_id: room, reason: 'banned from the room' });
    expect((await single.closed).code).toBe(4403);
    expect(await many.request({ type: 'join', room_id: room })).toMatchObject({ code: 'banned' });
    const refusal = await refused(ChatSocket.open(server, bob, { path: `/${room}` }));
    expect(refusal.status).toBe(403);
    await many.close();
  });

  it('is told when joining again on a socket that had left the room', async () => {
    const socket = await ChatSocket.open(server, bob, { path: `/${room}` });
    await socket.request({ type: 'leave' });

    await ban();

    expect(await socket.request({ type: 'join' })).toMatchObject({ type: 'error', code: 'banned' });
    expect(socket.frames.filter(({ type }) => type === 'message')).toEqual([]);
    await socket.close();
  });

  it('leaves nothing behind the ban of 300 frames on their way', async () => {
    const socket = await ChatSocket.open(server, bob);
    const frames = 300;
    let sent = 0;
    const sendUpTo = (count: number) => {
      for (; sent < count; sent++) {
        socket.send({ type: 'message', room_id: room, content: `m${sent}`, request_id: sent });
      }
    };

    sendUpTo(100);
    await socket.next('ack');
    const banning = ban();
    sendUpTo(250);
    const banned = await banning;
    sendUpTo(frames);
    await socket.request({ type: 'ping' });

    expect(banned.status).toBe(200);
    const { body: page } = await ada.get<{ messages: Message[] }>(`/rooms/${room}/messages?limit=100`);
    const theBan = page.messages.find(({ event }) => event?.type === 'member_banned')!;
    const stored = socket.frames.filter(({ type }) => type === 'ack');
    const refusals = socket.frames.filter(({ type }) => type === 'error');
    expect(stored.length + refusals.length).toBe(frames);
    expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(['banned']));
    expect(Math.max(...stored.map(({ data }) => data.seq as number))).toBeLessThan(theBan.seq);
    expect(page.messages.at(-1)).toEqual(theBan);
    await socket.close();
  });

  it('is told of to the others live, and to those who resume', async () => {
    const listener = await ChatSocket.open(server, ada, { path: `/${room}` });
    const { data } = await listener.next('messages_history');

    await ban();

    const told = (await listener.next('message')).data;
    expect(told).toMatchObject({
      kind: 'system',
      seq: (data.last_seq as number) + 1,
      event: { type: 'member_banned', user_id: bob.id, reason: 'spam' },
    });
    const returning = await ChatSocket.open(server, ada, { path: `/${room}?after_seq=0` });
    expect((await returning.next('changes')).data.messages).toContainEqual(told);
    await Promise.all([listener.close(), returning.close()]);
  });
});
