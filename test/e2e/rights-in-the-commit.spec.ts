import type { Message } from '../../src/protocol/models';
import { ChatSocket } from '../support/chat-socket';
import { aPerson, type Person } from '../support/person';
import { startTestServer, type TestServer } from '../support/test-server';

describe('rights, as the log asks for them within its commit', () => {
  let server: TestServer;
  let ada: Person;
  let bob: Person;
  let room: number;

  beforeAll(async () => {
    server = await startTestServer();
    ada = await aPerson(server, 'Ada');
    bob = await aPerson(server, 'Bob');
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    const name = `Room ${Math.random()}`;
    room = (await ada.post<{ id: number }>('/rooms', { name, visibility: 'private' })).body.id;
    await ada.put(`/rooms/${room}/members/${bob.id}`, { role: 'member' });
  });

  it('let nothing of a removed member stand behind the removal, whatever is under way', async () => {
    const socket = await ChatSocket.open(server, bob);
    await socket.next('welcome');

    const isRefused = () => socket.frames.some(({ type }) => type === 'error');
    const speaking = (async () => {
      let sent = 0;
      for (; sent < 5000 && !isRefused(); sent++) {
        socket.send({ type: 'message', room_id: room, content: `m${sent}`, request_id: sent });
        await new Promise((resolve) => setImmediate(resolve));
      }
      return sent;
    })();
    await socket.next('ack');
    await ada.delete(`/rooms/${room}/members/${bob.id}`);
    const { body: after } = await ada.post<Message>(`/rooms/${room}/messages`, { content: 'gone' });
    const sent = await speaking;
    await socket.request({ type: 'ping' });

    const answers = socket.frames.filter(({ type }) => type === 'ack' || type === 'error');
    const refused = answers.filter(({ type }) => type === 'error');
    expect(answers).toHaveLength(sent);
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['room_not_found']));
    const stored = answers.filter(({ type }) => type === 'ack');
    expect(Math.max(...stored.map(({ data }) => data.seq as number))).toBeLessThan(after.seq);
    await socket.close();
  });

  it('hold a plain member to the room’s slow mode, over both doors, and moderators not', async () => {
    await ada.patch(`/rooms/${room}`, { slow_mode_seconds: 60 });

    const first = await bob.post<Message>(`/rooms/${room}/messages`, { content: 'one', client_msg_id: 'c' });
    const second = await bob.post<{ code: string }>(`/rooms/${room}/messages`, { content: 'two' });
    const repeated = await bob.post<Message>(`/rooms/${room}/messages`, {
      content: 'one',
      client_msg_id: 'c',
    });
    const owners = await Promise.all(
      [1, 2, 3].map(() => ada.post(`/rooms/${room}/messages`, { content: 'x' })),
    );

    expect(first.status).toBe(201);
    expect(second).toMatchObject({ status: 429, body: { code: 'rate_limited', outcome: 'not_stored' } });
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(repeated).toMatchObject({ status: 200, body: { id: first.body.id } });
    expect(owners.map(({ status }) => status)).toEqual([201, 201, 201]);
  });

  it('hold to the slow mode also who has left the room since, and come again', async () => {
    const { body: open } = await ada.post<{ id: number }>('/rooms', { name: `Room ${Math.random()}` });
    await ada.patch(`/rooms/${open.id}`, { slow_mode_seconds: 60 });
    const send = () => bob.post<{ code: string }>(`/rooms/${open.id}/messages`, { content: 'again' });

    const first = await send();
    await bob.post(`/rooms/${open.id}/leave`);
    const second = await send();
    await ada.patch(`/rooms/${open.id}`, { slow_mode_seconds: 0 });
    const third = await send();

    expect([first, second, third].map(({ status }) => status)).toEqual([201, 429, 201]);
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(50);
  });

  it('end a moderator’s power over others’ messages with the role', async () => {
    await ada.put(`/rooms/${room}/members/${bob.id}`, { role: 'moderator' });
    const { body: message } = await ada.post<Message>(`/rooms/${room}/messages`, { content: 'mine' });
    await ada.put(`/rooms/${room}/members/${bob.id}`, { role: 'member' });

    const deletion = await bob.delete<{ code: string }>(`/rooms/${room}/messages/${message.id}`);
    const pin = await bob.put<{ code: string }>(`/rooms/${room}/messages/${message.id}/pin`);

    expect(deletion).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(pin).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });
});
