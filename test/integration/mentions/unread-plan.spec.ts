import { Client } from 'pg';
import type { RoomPage } from '../../../src/protocol/models';
import { aPerson, type Person } from '../../support/person';
import { blocksRead, Plans, rowsReadOf, scansOf } from '../../support/plans';
import { nodesOf, type Statement, StatementRecorder } from '../../support/statement-recorder';
import { startTestServer, type TestServer } from '../../support/test-server';

const ROOMS = 3000;
const JOINED = 1000;
/** In each of her rooms Ada has this to read: messages, and among them mentions, by name and of everyone. */
const UNREAD = 20;
const MENTIONS = 4;
/** One of hers, where nothing has been said: its counters alone tell of messages. */
const ROOM = 102;

let recorder: StatementRecorder;
let server: TestServer;
let ada: Person;
let analyst: Client;
let plans: Plans;
let statements: Statement[];
let page: RoomPage;

beforeAll(async () => {
  recorder = new StatementRecorder();
  server = await startTestServer();
  ada = await aPerson(server, 'ada');
  analyst = new Client(server.config.databaseUrl!);
  await analyst.connect();
  plans = new Plans(analyst);
  await fill(analyst, ada.id);
  await ada.get('/rooms?joined=true&limit=1');
  statements = await recorder.during(async () => {
    page = (await ada.get<RoomPage>('/rooms?joined=true')).body;
  }, 'room');
});
afterAll(async () => {
  await analyst.end();
  await server.stop();
  jest.restoreAllMocks();
});

describe(`What is unread in ${JOINED} rooms`, () => {
  it('comes in one answer by one query', () => {
    const counts = page.rooms.map(({ my }) => [my?.unread_count, my?.mention_count]);

    expect(statements).toHaveLength(1);
    expect(counts).toEqual(Array.from({ length: JOINED }, () => [UNREAD, MENTIONS]));
    expect(page).toMatchObject({ has_more: false, next_cursor: null });
  });

  it('is counted by keys, from no more rows than there are to count, whatever else was ever said', async () => {
    const plan = await plans.measured(statements[0]!);

    const nodes = nodesOf(plan);
    const walked = nodes
      .filter((node) => node['Node Type'] === 'Seq Scan')
      .map((node) => node['Relation Name']);
    expect(walked).toEqual(walked.filter((name) => name !== 'message_mentions' && name !== 'room_members'));
    expect(nodes.some((node) => node['Relation Name'] === 'messages')).toBe(false);
    const counted = nodes.filter((node) => node['Index Name'] === 'message_mentions_pkey');
    expect(counted.length).toBeGreaterThan(0);
    for (const node of counted) {
      for (const part of ['room_id', 'user_id', 'message_id']) expect(node['Index Cond']).toContain(part);
    }
    expect(rowsReadOf(plan, 'message_mentions')).toBeLessThanOrEqual(JOINED * MENTIONS);
    expect(blocksRead(plan)).toBeLessThan(JOINED * 20);
  });
});

describe('Members and mentions are found by their keys', () => {
  const say = (content: string, more: object = {}) =>
    ada.post(`/rooms/${ROOM}/messages`, { content: `${content} @peer-1 @peer-2`, ...more });

  it.each<[string, () => Promise<unknown>, string]>([
    ['a plain message is sent', () => ada.post(`/rooms/${ROOM}/messages`, { content: 'x' }), 'room_members'],
    ['a message with names is sent', () => say('hello'), 'room_members'],
    ['a message is answered', () => say('answer', { reply_to_id: 1 }), 'room_members'],
    ['a message is edited', () => ada.patch(`/rooms/${ROOM}/messages/1`, { content: '@peer-3' }), 'mentions'],
    ['a message is deleted', () => ada.delete(`/rooms/${ROOM}/messages/1`), 'mentions'],
    ['a reading mark is moved', () => ada.put(`/rooms/${ROOM}/read`, { message_id: 2 }), 'mentions'],
  ])('when %s', async (_, act, table) => {
    await say('first');

    const asked = await recorder.during(act, table);

    expect(asked.length).toBeGreaterThan(0);
    for (const statement of asked) {
      for (const plan of [await plans.generic(statement), await plans.own(statement)]) {
        const scans = [...scansOf(plan, 'room_members'), ...scansOf(plan, 'message_mentions')];
        for (const { 'Node Type': type } of scans)
          expect(type).toMatch(/^(Index (Only )?|Bitmap Heap )Scan$/);
      }
    }
  });
});

/** Rooms with a long past of mentions, Ada in every third of them, and many others, some of them kept out. */
async function fill(client: Client, userId: number): Promise<void> {
  await client.query(
    `INSERT INTO users (username, email, password_hash)
     SELECT 'peer-' || n, 'peer-' || n, 'none' FROM generate_series(1, 500) n`,
  );
  await client.query(
    `INSERT INTO rooms (id, name, last_message_id, last_seq)
     SELECT 100 + n, 'room ' || n, 1000, 1000 FROM generate_series(1, ${ROOMS}) n`,
  );
  await client.query(
    `INSERT INTO room_members (room_id, user_id, last_read_id)
     SELECT room.id, member.id, 1000 - ${UNREAD} FROM rooms room JOIN users member
       ON CASE WHEN member.id = $1 THEN room.id % 3 = 0 ELSE (room.id + member.id) % 25 = 0 END
     WHERE room.id > 100`,
    [userId],
  );
  await client.query(
    `INSERT INTO room_restrictions (room_id, user_id, kind)
     SELECT room.id, peer.id, kind FROM rooms room JOIN users peer ON (room.id + peer.id) % 100 = 0 AND peer.id <> $1,
       unnest('{ban,mute}'::text[]) kind`,
    [userId],
  );
  // Of the unread messages one mentions everyone and three mention Ada; many more do of those before.
  await client.query(
    `INSERT INTO message_mentions (room_id, user_id, message_id, author_id)
     SELECT room_id, CASE WHEN n % 4 = 0 AND user_id = $1 THEN 0 ELSE user_id END, 1000 - n * 5, 0
     FROM room_members, generate_series(0, CASE user_id WHEN $1 THEN 63 ELSE 1 END) n`,
    [userId],
  );
  await client.query('ANALYZE');
}
