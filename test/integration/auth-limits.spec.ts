import { simpleLowerCase } from '../../src/auth/simple-lower-case';
import { AccountClient, PASSWORD } from '../support/account-client';
import { startTestServer, type TestServer } from '../support/test-server';

let server: TestServer;
let client: AccountClient;

beforeAll(async () => {
  server = await startTestServer({
    rateLimitsEnabled: true,
    trustProxy: ['loopback'],
    authAttemptsPerAddress: 6,
    authAttemptsPerAccount: 3,
    authWindowSeconds: 60,
  });
  client = new AccountClient(server);
});
afterAll(() => server.stop());

/** A header that puts the caller behind an address; the test's proxy is trusted. */
const from = (ip: string) => ({ 'x-forwarded-for': ip });

function login(username: string, password: string, ip: string) {
  return client.call('POST', '/auth/login', { json: { username, password }, headers: from(ip) });
}

it('limits logins of one address, over all accounts', async () => {
  for (let i = 0; i < 6; i++) expect((await login(`user${i}`, 'wrong', '192.0.2.1')).status).toBe(401);

  const { status, headers, body } = await login('user7', 'wrong', '192.0.2.1');

  expect(status).toBe(429);
  expect(body.code).toBe('rate_limited');
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
  expect((await login('user7', 'wrong', '192.0.2.2')).status).toBe(401);
});

it('limits guesses at one account, over all addresses, and still lets its owner in at home', async () => {
  await client.register('ada', from('192.0.2.10'));
  expect((await login('ada', PASSWORD, '192.0.2.10')).status).toBe(200);
  for (let i = 0; i < 3; i++) expect((await login('ADA', 'wrong', `192.0.2.1${i + 1}`)).status).toBe(401);

  expect((await login('ada', 'wrong', '192.0.2.20')).status).toBe(429);
  expect((await login('ada', PASSWORD, '192.0.2.21')).status).toBe(429);
  expect((await login('ada', PASSWORD, '192.0.2.10')).status).toBe(200);
});

it('counts guesses at one e-mail address together, by whatever letters PostgreSQL takes for the same', async () => {
  await client.register('mimi', from('192.0.2.60'));
  const spellings = ['mimi@example.org', 'MIMI@example.org', 'mİmi@example.org'];
  for (const [i, name] of spellings.entries())
    expect((await login(name, 'wrong', `192.0.2.6${i + 1}`)).status).toBe(401);

  for (const name of ['mİmİ@example.org', 'mimİ@example.org'])
    expect((await login(name, PASSWORD, '192.0.2.69')).status).toBe(429);
});

it('knows nobody by a name that is no user name, and counts it like any other', async () => {
  await client.register('kiki', from('192.0.2.70'));
  // The first is the sign of Kelvin, 'k' in lower case.
  const names = ['\u212aiki', '\u212aİki', 'kikİ'];

  const answers = await Promise.all(names.map((name, i) => login(name, PASSWORD, `192.0.2.7${i + 1}`)));

  for (const { status, body } of answers)
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'invalid_credentials' });
  expect((await login('\u212aiki', PASSWORD, '192.0.2.79')).status).toBe(429);
});

it('knows each letter in lower case as PostgreSQL does', async () => {
  const letters = await server.dataSource.query<{ letter: string; lower: string }[]>(
    `SELECT letter, lower(letter) FROM (
       SELECT chr(n) AS letter FROM generate_series(1, x'10ffff'::int) n WHERE n NOT BETWEEN x'd800'::int AND x'dfff'::int
     ) letters WHERE lower(letter) <> letter`,
  );

  const others = letters.filter(({ letter, lower }) => simpleLowerCase(letter) !== lower);

  expect(letters.length).toBeGreaterThan(1_000);
  expect(others).toEqual([]);
});

it('limits registrations of one address', async () => {
  for (let i = 0; i < 6; i++) await client.register(`new${i}`, from('192.0.2.30'));

  await expect(client.register('new6', from('192.0.2.30'))).rejects.toThrow('rate_limited');
  await expect(client.register('new6', from('192.0.2.31'))).resolves.toBeDefined();
});

it('limits refreshes of one address, and spends no token that it refuses', async () => {
  const { refresh_token } = await client.register('ben', from('192.0.2.40'));
  const refresh = (token: string, ip: string) =>
    client.call('POST', '/auth/refresh', { json: { refresh_token: token }, headers: from(ip) });
  for (let i = 0; i < 6; i++) expect((await refresh('garbage', '192.0.2.40')).status).toBe(401);

  expect((await refresh(refresh_token, '192.0.2.40')).status).toBe(429);
  expect((await refresh(refresh_token, '192.0.2.41')).status).toBe(200);
});

it('limits guesses at the password of an account that somebody is logged in to', async () => {
  const { access_token: token } = await client.register('cleo', from('192.0.2.50'));
  const guess = () =>
    client.call('POST', '/auth/password', {
      token,
      json: { current_password: 'wrong', new_password: 'a new and better one' },
    });
  for (let i = 0; i < 3; i++) expect((await guess()).status).toBe(403);

  expect((await guess()).status).toBe(429);
  expect(await client.call('DELETE', '/users/me', { token, json: { password: PASSWORD } })).toMatchObject({
    status: 429,
  });
});

it('shows the address that a trusted proxy tells', async () => {
  const { access_token } = await client.register('dora', from('203.0.113.9'));

  expect((await client.sessions(access_token))[0]!.ip).toBe('203.0.113.9');
});

it('sends logins away with 503 when too many wait for a hash, and takes the next again', async () => {
  const busy = await startTestServer({ environment: 'development', passwordWorkers: 1, passwordQueueMax: 1 });
  const crowd = new AccountClient(busy);
  await crowd.register('ada');
  const json = { username: 'ada', password: PASSWORD };

  const answers = await Promise.all(
    Array.from({ length: 10 }, () => crowd.call('POST', '/auth/login', { json })),
  );

  const refused = answers.filter(({ status }) => status !== 200);
  expect(refused.length).toBeGreaterThan(0);
  for (const { status, headers, body } of refused) {
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'server_busy' });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  }
  await expect(crowd.login('ada')).resolves.toBeDefined();
  await busy.stop();
});
