import { holdTable } from '../../support/hold-table';
import { aPerson, type Person } from '../../support/person';
import { startTestServer, type TestServer } from '../../support/test-server';

const SEARCHES_PER_WINDOW = 3;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({
    searchTimeoutMs: 200,
    searchesPerWindow: SEARCHES_PER_WINDOW,
    rateLimitsEnabled: true,
  });
});
afterAll(() => server.stop());

const search = (person: Person) => person.get('/search/messages?q=hello');

describe('A search', () => {
  it('that takes too long ends by its own timeout, with an answer that says so', async () => {
    const ada = await aPerson(server, 'ada');
    const release = await holdTable(server, 'messages');

    const answer = await search(ada);

    expect(answer).toMatchObject({ status: 503, body: { code: 'search_timeout' } });
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    await release();
    expect((await search(ada)).status).toBe(200);
  });

  it('that hangs, with many more behind it, holds up nothing else', async () => {
    const people = await Promise.all(
      ['b1', 'b2', 'b3', 'b4', 'b5', 'b6'].map((name) => aPerson(server, name)),
    );
    const reader = await aPerson(server, 'reader');
    const release = await holdTable(server, 'messages');

    const searches = Promise.all(people.flatMap((person) => [search(person), search(person)]));
    const rooms = await reader.get('/rooms');
    const codes = new Set((await searches).map(({ body }) => (body as { code: string }).code));
    await release();

    expect(rooms.status).toBe(200);
    expect([...codes]).toEqual(['search_timeout']);
  });

  it('of somebody who asks for many at once leaves room for those of others', async () => {
    const eager = await aPerson(server, 'hasty');
    const other = await aPerson(server, 'patient');
    const release = await holdTable(server, 'messages');

    const answered: string[] = [];
    const asked = [eager, eager, eager, other].map((person) =>
      search(person).then(() => answered.push(person.username)),
    );
    await Promise.all(asked);
    await release();

    expect(answered.indexOf('patient')).toBeLessThan(2);
  });

  it('is limited for each user', async () => {
    const eager = await aPerson(server, 'eager');
    const calm = await aPerson(server, 'calm');

    const answers = [];
    for (let n = 0; n <= SEARCHES_PER_WINDOW; n++) answers.push(await search(eager));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers.at(-1)).toMatchObject({ body: { code: 'rate_limited' } });
    expect((await search(calm)).status).toBe(200);
  });
});
