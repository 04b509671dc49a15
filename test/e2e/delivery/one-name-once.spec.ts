import type { AckData } from '../../../src/protocol/frames';
import type { HistoryPage, Message, Room } from '../../../src/protocol/models';
import { ChatSocket } from '../../support/chat-socket';
import { aPerson, type Person } from '../../support/person';
import { startTestServer, type TestServer } from '../../support/test-server';
import { oneTo, wholeLog } from '../../support/whole-log';

describe('a client_msg_id', () => {
  let server: TestServer;
  let ada: Person;
  let bob: Person;
  let sockets: ChatSocket[];
  let room: Room;
  let reader: ChatSocket;

  beforeAll(async () => {
    server = await startTestServer();
    ada = await aPerson(server, 'Ada');
    bob = await aPerson(server, 'Bob');
    sockets = await Promise.all(oneTo(5).map(() => ChatSocket.open(server, ada)));
  });
  afterAll(() => server.stop());

  beforeEach(async () => {
    ({ body: room } = await ada.post<Room>('/rooms', { name: `Room ${Math.random()}` }));
    reader = await ChatSocket.open(server, bob, { path: `/${room.id}` });
    await reader.next('messages_history');
  });
  afterEach(() => reader.close());

  /** Half over REST, half over five sockets, all at once. */
  async function sendFifty(
    name: string,
  ): Promise<{ acks: AckData[]; bodies: Message[]; statuses: number[] }> {
    const draft = { content: 'said once', client_msg_id: name };
    const acks = oneTo(25).map((n) =>
      sockets[n % sockets.length]!.request({ type: 'message', room_id: room.id, ...draft }),
    );
    const posts = oneTo(25).map(() => ada.post<Message>(`/rooms/${room.id}/messages`, draft));
    const answers = await Promise.all(posts);
    return {
      acks: (await Promise.all(acks)).map(({ data }) => data as AckData),
      bodies: answers.map(({ body }) => body),
      statuses: answers.map(({ status }) => status),
    };
  }

  async function rowCount(): Promise<number> {
    const [row] = await server.dataSource.query<{ count: number }[]>(
      'SELECT count(*)::int AS count FROM messages WHERE room_id = $1',
      [room.id],
    );
    return row!.count;
  }

  /** What the room's reader is sent before a message that comes last. */
  async function framesBefore(marker: Message): Promise<string[]> {
    await reader.next(({ data }) => data?.id === marker.id);
    return changes()
      .slice(0, -1)
      .map(({ type }) => type);
  }

  const changes = () => reader.frames.filter(({ type }) => type === 'message' || type === 'message_updated');

  async function theNext(): Promise<Message> {
    const { body } = await bob.post<Message>(`/rooms/${room.id}/messages`, { content: 'next' });
    return body;
  }

  it('sent fifty times at once is stored once, announced once, and answered fifty times the same', async () => {
    const { acks, bodies, statuses } = await sendFifty('a');

    const first = bodies[0]!;
    expect(first).toMatchObject({ id: 1, seq: 1, content: 'said once', client_msg_id: 'a' });
    expect(bodies).toEqual(bodies.map(() => first));
    const { id, seq, created_at } = first;
    for (const ack of acks) {
      expect(ack).toMatchObject({ room_id: room.id, id, seq, created_at, client_msg_id: 'a' });
    }
    const firsts = [...acks.map(({ duplicate }) => !duplicate), ...statuses.map((status) => status === 201)];
    expect(firsts.filter(Boolean)).toHaveLength(1);
    expect(statuses.every((status) => status === 201 || status === 200)).toBe(true);
    expect(await rowCount()).toBe(1);
    const next = await theNext();
    expect(next).toMatchObject({ id: 2, seq: 2 });
    expect(await framesBefore(next)).toEqual(['message']);
  });

  it('sent again after an edit is answered with the edited message and changes nothing', async () => {
    await sendFifty('a');
    const edited = await ada.patch<Message>(`/rooms/${room.id}/messages/1`, { content: 'edited' });

    const { acks, bodies, statuses } = await sendFifty('a');

    expect(bodies).toEqual(bodies.map(() => edited.body));
    expect(statuses).toEqual(statuses.map(() => 200));
    for (const ack of acks) expect(ack).toMatchObject({ id: 1, seq: 2, duplicate: true });
    expect(await rowCount()).toBe(1);
    const next = await theNext();
    expect(next).toMatchObject({ id: 2, seq: 3 });
    expect(await framesBefore(next)).toEqual(['message', 'message_updated']);
  });

  it('sent again after the deletion does not bring the message back', async () => {
    await sendFifty('a');
    await ada.delete(`/rooms/${room.id}/messages/1`);

    const { acks, bodies } = await sendFifty('a');

    for (const body of bodies) expect(body).toMatchObject({ id: 1, seq: 2, content: null });
    for (const ack of acks) expect(ack).toMatchObject({ id: 1, seq: 2, duplicate: true });
    expect(await rowCount()).toBe(1);
    const next = await theNext();
    expect(next).toMatchObject({ id: 2, seq: 3 });
    expect(await framesBefore(next)).toEqual(['message', 'message_updated']);
  });

  it('means one message while the message is being edited and deleted', async () => {
    await ada.post(`/rooms/${room.id}/messages`, { content: 'said once', client_msg_id: 'a' });
    const change = (frame: object) => sockets[0]!.request({ room_id: room.id, message_id: 1, ...frame });

    const editing = Promise.all([
      ...oneTo(10).map((n) => change({ type: 'edit_message', content: `edit ${n}` })),
      change({ type: 'delete_message' }),
    ]);
    const { bodies } = await sendFifty('a');
    await editing;

    expect(new Set(bodies.map(({ id }) => id))).toEqual(new Set([1]));
    const next = await theNext();
    expect(next).toMatchObject({ id: 2 });
    await framesBefore(next);
    expect(changes().map(({ data }) => data.seq as number)).toEqual(oneTo(13));
    expect(changes().map(({ type }) => type)).toEqual([
      'message',
      ...oneTo(11).map(() => 'message_updated'),
      'message',
    ]);
  });

  it('is each author’s own', async () => {
    const draft = { content: 'hello', client_msg_id: 'same' };
    const answers = await Promise.all(
      oneTo(20).map((n) => (n % 2 ? ada : bob).post<Message>(`/rooms/${room.id}/messages`, draft)),
    );

    expect(new Set(answers.map(({ body }) => `${body.user_id} ${body.id}`)).size).toBe(2);
    const log = await wholeLog(ada, room.id);
    expect(log.map(({ id }) => id)).toEqual([1, 2]);
    expect(log.map(({ user_id }) => user_id).sort()).toEqual([ada.id, bob.id].sort());
  });

  it('is each room’s own', async () => {
    const { body: other } = await ada.post<Room>('/rooms', { name: `Room ${Math.random()}` });
    const answers = await Promise.all(
      oneTo(20).map((n) =>
        sockets[n % sockets.length]!.say('hello', {
          room_id: (n % 2 ? room : other).id,
          client_msg_id: 'same',
        }),
      ),
    );

    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(2);
    for (const { id } of [room, other]) {
      const { body: page } = await ada.get<HistoryPage>(`/rooms/${id}/messages`);
      expect(page).toMatchObject({ messages: [{ id: 1, room_id: id }], last_seq: 1 });
    }
  });

  it('stands in line with other messages without costing them a number', async () => {
    const [socket] = sockets;
    const said = oneTo(60).map((n) =>
      socket!.say(`line ${n}`, { room_id: room.id, ...(n % 3 === 0 && { client_msg_id: `third ${n % 4}` }) }),
    );
    const acks = await Promise.all(said);

    const ids = acks.map(({ id }) => id);
    expect([...new Set(ids)].sort((a, b) => a - b)).toEqual(oneTo(44));
    const fresh = acks.filter(({ duplicate }) => !duplicate).map(({ id }) => id);
    expect(fresh).toEqual(oneTo(44));
  });
});
