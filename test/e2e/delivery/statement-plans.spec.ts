import { Client } from 'pg';
import { ChatSocket } from '../../support/chat-socket';
import { aPerson, type Person } from '../../support/person';
import { nodesOf, type PlanNode, type Statement, StatementRecorder } from '../../support/statement-recorder';
import { startTestServer, type TestServer } from '../../support/test-server';

const ROOMS = 300;
const MESSAGES_EACH = 1000;
/** Its messages are the oldest of all. */
const QUIET_ROOM = 2;
const BUSY_ROOM = 250;

describe.each([
  ['a busy room', BUSY_ROOM],
  ['a quiet room, all others having newer messages', QUIET_ROOM],
])('on a table of many messages, in %s,', (_, roomId) => {
  let recorder: StatementRecorder;
  let server: TestServer;
  let ada: Person;
  let socket: ChatSocket;
  let analyst: Client;

  beforeAll(async () => {
    recorder = new StatementRecorder();
    server = await startTestServer();
    ada = await aPerson(server, 'Ada');
    analyst = new Client(server.config.databaseUrl!);
    await analyst.connect();
    await fill(analyst, ada.id);
    socket = await ChatSocket.open(server, ada);
    await socket.say('hello', { room_id: roomId });
  });
  afterAll(async () => {
    await analyst.end();
    await server.stop();
    jest.restoreAllMocks();
  });

  const messages = (query: string) => () => ada.get(`/rooms/${roomId}/messages${query}`);
  const send = (more: object) => () => socket.say('hello', { room_id: roomId, ...more });
  const change = (frame: object) => () => socket.request({ room_id: roomId, message_id: 900, ...frame });

  it.each([
    ['the newest page', messages(''), 51, 'messages_pkey'],
    ['the page before a message', messages('?cursor=500&limit=100'), 101, 'messages_pkey'],
    ['the page after a message', messages('?after=500&limit=100'), 101, 'messages_pkey'],
    ['the page after all', messages('?after=900000'), 1, 'messages_pkey'],
    ['the page around a message', messages('?around=500'), 51, 'messages_pkey'],
    ['what changed', () => ada.get(`/rooms/${roomId}/changes?after_seq=500`), 101, 'messages_seq_key'],
    ['what changed lately', () => ada.get(`/rooms/${roomId}/changes?after_seq=998`), 10, 'messages_seq_key'],
    ['a join', () => socket.request({ type: 'join', room_id: roomId }), 51, 'messages_pkey'],
    ['one message', messages('/500'), 1, 'messages_pkey'],
  ])(
    'reading %s takes no more rows than it gives, in order, by an index',
    async (_name, act, rowsMax, index) => {
      const statements = await recorder.during(act, 'messages m');

      expect(statements.length).toBeGreaterThan(0);
      for (const statement of statements) {
        for (const plan of [await genericPlan(statement), await ownPlan(statement)]) {
          expect(indexesOf(plan)).toEqual(new Set([index]));
          expect(nodesOf(plan).map((node) => node['Node Type'])).not.toContain('Sort');
        }
        const [
          {
            ['QUERY PLAN']: [{ Plan: measured }],
          },
        ] = await explain('ANALYZE, BUFFERS', statement);
        const rows = ofMessages(measured).map((node) => node['Actual Rows']!);
        expect(rows.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(rowsMax);
        expect(measured['Shared Hit Blocks']! + measured['Shared Read Blocks']!).toBeLessThan(
          60 + 5 * rowsMax,
        );
      }
    },
  );

  it.each([
    ['sending', send({}), null],
    ['sending under a new name', send({ client_msg_id: 'new' }), null],
    ['sending again under a stored name', send({ client_msg_id: 'name 30' }), 'messages_client_msg_id_key'],
    ['answering', send({ reply_to_id: 500 }), 'messages_pkey'],
    ['editing', change({ type: 'edit_message', content: 'edited' }), 'messages_pkey'],
    ['deleting', change({ type: 'delete_message' }), 'messages_pkey'],
  ])('%s finds every row by an index', async (_name, act, index) => {
    const statements = await recorder.during(act, 'messages');

    const used = new Set<string | undefined>([undefined]);
    for (const statement of statements) {
      for (const plan of [await genericPlan(statement), await ownPlan(statement)]) {
        for (const name of indexesOf(plan)) used.add(name);
      }
    }
    expect(statements.length).toBeGreaterThan(0);
    expect(used).toContain(index ?? undefined);
  });

  /** The plan for any values, as a prepared statement may get it, and the plan for these. */
  const genericPlan = async (statement: Statement) =>
    (await explain('GENERIC_PLAN', { ...statement, values: [] }))[0]['QUERY PLAN'][0].Plan;
  const ownPlan = async (statement: Statement) => (await explain('', statement))[0]['QUERY PLAN'][0].Plan;

  async function explain(options: string, { text, values }: Statement) {
    const { rows } = await analyst.query(
      `EXPLAIN (${[options, 'FORMAT JSON'].filter(Boolean).join(', ')}) ${text}`,
      values,
    );
    return rows as [{ 'QUERY PLAN': [{ Plan: PlanNode }] }];
  }
});

/** The nodes that read the table of messages. */
const ofMessages = (plan: PlanNode): PlanNode[] =>
  nodesOf(plan).filter((node) => node['Relation Name'] === 'messages' && node['Node Type'].includes('Scan'));

/** The indexes that messages are found by; no other way of finding them is allowed, nor one that passes over rooms. */
function indexesOf(plan: PlanNode): Set<string | undefined> {
  for (const node of ofMessages(plan)) {
    expect(node['Node Type']).toMatch(/^Index (Only )?Scan$/);
    expect(node['Index Cond']).toContain('room_id');
  }
  return new Set(ofMessages(plan).map((node) => node['Index Name']));
}

/** Rooms that speak by turns, except the quiet one, which fell silent before the others began. */
async function fill(client: Client, userId: number): Promise<void> {
  await client.query(
    `INSERT INTO rooms (name, last_seq, last_message_id, last_message_at)
     SELECT 'Room ' || n, $2::int, $2::int, now() FROM generate_series(2, $1::int) n`,
    [ROOMS, MESSAGES_EACH],
  );
  await client.query(
    `INSERT INTO messages (room_id, id, seq, user_id, content, client_msg_id, created_at)
     SELECT room_id, n, n, $3::int, 'message ' || n, CASE WHEN n % 3 = 0 THEN 'name ' || n END, now()
     FROM generate_series(2, $1::int) room_id, generate_series(1, $2::int) n
     ORDER BY room_id <> $4::int, n, room_id`,
    [ROOMS, MESSAGES_EACH, userId, QUIET_ROOM],
  );
  await client.query('ANALYZE');
}
