import { Client } from 'pg';
import { AccountClient, PASSWORD } from '../support/account-client';
import { Plans, rowsReadOf, scansOf } from '../support/plans';
import { nodesOf, StatementRecorder } from '../support/statement-recorder';
import { startTestServer, type TestServer } from '../support/test-server';

const SESSIONS_MAX = 4;

let recorder: StatementRecorder;
let server: TestServer;
let client: AccountClient;

beforeAll(async () => {
  recorder = new StatementRecorder();
  server = await startTestServer({ sessionsMax: SESSIONS_MAX });
  client = new AccountClient(server);
});
afterAll(async () => {
  await server.stop();
  jest.restoreAllMocks();
});

const livingOf = async (userId: number): Promise<number> => {
  const [row] = await server.dataSource.query<[{ n: number }]>(
    `SELECT count(*)::int AS n FROM sessions WHERE user_id = $1 AND revoked_at IS NULL`,
    [userId],
  );
  return row.n;
};

/** Sessions as they may be there from before there was a limit, all older than any other. */
const addOld = (userId: number, count: number) =>
  server.dataSource.query(
    `INSERT INTO sessions (id, user_id, last_used_at, expires_at)
     SELECT gen_random_uuid(), $1, now() - n * interval '1 minute', now() + interval '1 day'
     FROM generate_series(1, $2::int) n`,
    [userId, count],
  );

it('a login beyond the most sessions ends the one used least lately, and no other', async () => {
  const first = await client.register('ada');
  const second = await client.login('ada');
  const others = [await client.login('ada'), await client.login('ada')];
  await client.refresh(first.refresh_token);

  const last = await client.login('ada');

  expect(await client.statusOf(second.access_token)).toBe('session_revoked');
  expect((await client.refresh(second.refresh_token)).status).toBe(401);
  for (const { access_token } of [first, ...others, last])
    expect(await client.statusOf(access_token)).toBe(200);
  expect(await client.sessions(last.access_token)).toHaveLength(SESSIONS_MAX);
});

it('a session that has ended counts for none', async () => {
  const first = await client.register('ben');
  for (let i = 1; i < SESSIONS_MAX; i++) {
    const { access_token: token } = await client.login('ben');
    await client.call('POST', '/auth/logout', { token });
  }

  await client.login('ben');

  expect(await client.statusOf(first.access_token)).toBe(200);
});

it('as many as log in at once, no more sessions live than may', async () => {
  const { user } = await client.register('cleo');

  await Promise.all(Array.from({ length: 3 * SESSIONS_MAX }, () => client.login('cleo')));

  expect(await livingOf(user.id)).toBe(SESSIONS_MAX);
});

it('sessions beyond the limit from before end with the next logins, and are not listed', async () => {
  const { access_token: token, user } = await client.register('dora');
  await addOld(user.id, 150);

  expect(await client.sessions(token)).toHaveLength(SESSIONS_MAX);
  await client.login('dora');
  const left = await livingOf(user.id);
  await client.login('dora');

  expect(left).toBe(1 + 150 - 100 + 1);
  expect(await livingOf(user.id)).toBe(SESSIONS_MAX);
  expect(await client.statusOf(token)).toBe(200);
});

it('a login looks at the sessions of its user alone, by an index', async () => {
  const { user } = await client.register('emil');
  const { user: other } = await client.register('fred');
  await addOld(user.id, 10);
  await addOld(other.id, 20_000);
  await server.dataSource.query('ANALYZE sessions');
  const analyst = new Client(server.config.databaseUrl!);
  await analyst.connect();

  const login = { json: { username: 'emil', password: PASSWORD } };
  const statements = await recorder.during(() => client.call('POST', '/auth/login', login), 'sessions WHERE');

  expect(statements).toHaveLength(1);
  const plan = await new Plans(analyst).measured(statements[0]!);
  expect(nodesOf(plan).map((node) => node['Index Name'])).toContain('sessions_user');
  expect(scansOf(plan, 'sessions').map((node) => node['Node Type'])).not.toContain('Seq Scan');
  expect(rowsReadOf(plan, 'sessions')).toBeLessThan(20);
  await analyst.end();
});
