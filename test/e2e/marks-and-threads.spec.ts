import type { HistoryPage, Message } from '../../src/protocol/models';
import { ChatSocket } from '../support/chat-socket';
import { aPerson, type Person } from '../support/person';
import { startTestServer, type TestServer } from '../support/test-server';

describe('reactions, pins and threads', () => {
  let server: TestServer;
  let ada: Person;
  let bob: Person;
  let room: number;
  const path = (id: number, rest = '') => `/rooms/${room}/messages/${id}${rest}`;
  const say = async (person: Person, content: string, reply_to_id?: number) =>
    (await person.post<Message>(`/rooms/${room}/messages`, { content, reply_to_id })).body;

  beforeAll(async () => {
    server = await startTestServer();
    ada = await aPerson(server, 'Ada');
    bob = await aPerson(server, 'Bob');
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    room = (await ada.post<{ id: number }>('/rooms', { name: `Room ${Math.random()}` })).body.id;
    await bob.post(`/rooms/${room}/join`);
  });

  it('come to everyone in the room as the message’s new state, over both doors', async () => {
    const { id } = await say(ada, 'hello');
    const [a, b] = await Promise.all(
      [ada, bob].map((one) => ChatSocket.open(server, one, { path: `/${room}` })),
    );

    const ack = await b!.request({ type: 'add_reaction', message_id: id, emoji: '👍' });
    const seen = await a!.next('message_updated');
    const overRest = await ada.put<Message>(path(id, `/reactions/${encodeURIComponent('👩🏽‍💻')}`));
    await b!.next('message_updated');
    await b!.request({ type: 'remove_reaction', message_id: id, emoji: '👍' });
    const last = await b!.next(({ type, data }) => type === 'message_updated' && data.seq === 4);

    expect(ack).toMatchObject({ type: 'ack', data: { id, seq: 2 } });
    expect(seen.data.reactions).toEqual([{ emoji: '👍', count: 1, user_ids: [bob.id] }]);
    expect(overRest.body.reactions).toHaveLength(2);
    expect(last.data.reactions).toEqual([{ emoji: '👩🏽‍💻', count: 1, user_ids: [ada.id] }]);
    await Promise.all([a!.close(), b!.close()]);
  });

  it.each(['x', '👍👍', 'thumbsup', '1', ''.padEnd(40, '👍'), ' ', '<b>'])(
    'take one emoji and nothing else: not %j',
    async (emoji) => {
      const { id } = await say(ada, 'hello');

      const answer = await ada.put<{ code: string }>(path(id, `/reactions/${encodeURIComponent(emoji)}`));

      expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    },
  );

  it('count the two ways of writing a heart as one', async () => {
    const { id } = await say(ada, 'hello');

    await ada.put(path(id, `/reactions/${encodeURIComponent('❤')}`));
    const { body } = await bob.put<Message>(path(id, `/reactions/${encodeURIComponent('❤️')}`));

    expect(body.reactions).toEqual([{ emoji: '❤️', count: 2, user_ids: [ada.id, bob.id] }]);
  });

  it('stop at 20 different emoji on a message', async () => {
    const { id } = await say(ada, 'hello');
    const emoji = Array.from({ length: 21 }, (_, n) => String.fromCodePoint(0x1f600 + n));

    const statuses: number[] = [];
    for (const one of emoji)
      statuses.push((await ada.put(path(id, `/reactions/${encodeURIComponent(one)}`))).status);

    expect(statuses).toEqual([...Array<number>(20).fill(200), 409]);
  });

  it('pin up to 50 messages, each told by a system message', async () => {
    for (let n = 0; n < 51; n++) await say(ada, `m${n}`);

    const pins: number[] = [];
    for (let id = 1; id <= 51; id++) pins.push((await ada.put(path(id, '/pin'))).status);
    const repeated = await ada.put<Message>(path(1, '/pin'));
    const unpinned = await ada.delete(path(1, '/pin'));
    const { body } = await ada.get<HistoryPage>(`/rooms/${room}/messages?limit=1`);

    expect(pins).toEqual([...Array<number>(50).fill(200), 409]);
    expect(repeated.body.pinned_at).toEqual(expect.any(String));
    expect(unpinned.status).toBe(204);
    expect(body.messages[0]).toMatchObject({
      kind: 'system',
      user_id: ada.id,
      content: null,
      event: { type: 'message_unpinned', message_id: 1 },
    });
  });

  it('read a thread page by page: the message, then its replies', async () => {
    const root = await say(ada, 'root');
    for (let n = 1; n <= 5; n++) {
      await say(bob, `reply ${n}`, root.id);
      await say(ada, 'something else');
    }

    const first = await bob.get<HistoryPage>(`/rooms/${room}/messages?thread=${root.id}&limit=4`);
    const second = await bob.get<HistoryPage>(
      `/rooms/${room}/messages?thread=${root.id}&limit=4&after=${first.body.next_cursor}`,
    );

    expect([...first.body.messages, ...second.body.messages].map(({ content }) => content)).toEqual([
      'root',
      'reply 1',
      'reply 2',
      'reply 3',
      'reply 4',
      'reply 5',
    ]);
    expect(first.body.messages[0]).toMatchObject({ id: root.id, reply_count: 5 });
    expect(second.body).toMatchObject({ has_more: false, next_cursor: null });
  });

  it('answer a thread with any other cursor with 400', async () => {
    const answer = await bob.get(`/rooms/${room}/messages?thread=1&cursor=5`);

    expect(answer.status).toBe(400);
  });
});
