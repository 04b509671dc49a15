import { DataSource } from 'typeorm';
import { migrationOptions } from '../../../src/database/data-source-options';
import { type SearchFilter, searchStatement } from '../../../src/search/search.repository';
import { aTestConfig } from '../../support/test-config';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';

const ROOMS = 200;
const MESSAGES = 100_000;

/** A hundred thousand messages: one word in all of them, one in every thousandth, one in every hundredth room. */
const FILL = `
  INSERT INTO messages (room_id, id, seq, user_id, content, created_at)
  SELECT 1 + n % ${ROOMS}, 1 + n / ${ROOMS}, 1 + n / ${ROOMS}, 1 + n % 50,
         format('common word%s word%s %s', n % 5000, (n * 7) % 3000, CASE WHEN n % 1000 = 0 THEN 'seldom' END),
         timestamptz '2026-01-01' + n * interval '1 second'
    FROM generate_series(0, ${MESSAGES - 1}) AS n`;

let database: TestDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await new DataSource(
    migrationOptions(aTestConfig({ databaseUrl: database.url })),
  ).initialize();
  await dataSource.query(
    `INSERT INTO users (username, email, password_hash) VALUES ('ada', 'ada@x.org', 'none')`,
  );
  await dataSource.query(
    `INSERT INTO rooms (name) SELECT 'room ' || n FROM generate_series(1, ${ROOMS}) AS n`,
  );
  await dataSource.query(FILL);
  await dataSource.query('ANALYZE');
}, 60_000);

afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

async function planOf(filter: Partial<SearchFilter>): Promise<string> {
  const { text, values } = searchStatement({ text: 'seldom', readerId: 1, limit: 20, ...filter });
  const rows = await dataSource.query<{ 'QUERY PLAN': string }[]>(
    `EXPLAIN (ANALYZE, TIMING OFF) ${text}`,
    values,
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

describe(`Among ${MESSAGES} messages, a search uses the index`, () => {
  it.each<[string, Partial<SearchFilter>]>([
    ['for a rare word', {}],
    ['for the beginning of a word', { text: 'seldo' }],
    ['for a rare word among common ones', { text: 'common word1 seldom' }],
    ['in one room', { roomId: 1 }],
    ['of one author', { authorId: 1 }],
    ['before a time', { before: { time: '2026-01-01T12:00:00.000Z', roomId: 1, messageId: 1 } }],
  ])('%s', async (_, filter) => {
    const plan = await planOf(filter);

    expect(plan).toContain('Bitmap Index Scan on messages_search');
    expect(plan).not.toContain('Seq Scan on messages');
  });

  it('for a common word in one room, without looking at the messages of others', async () => {
    const plan = await planOf({ text: 'common', roomId: 7 });

    const ofMessages = plan.split('\n').filter((line) => /Scan.* messages/.test(line));
    const looked = ofMessages.map((line) => Number(/actual rows=([\d.]+)/.exec(line)?.[1]));
    expect(Math.max(...looked)).toBeLessThanOrEqual(MESSAGES / ROOMS);
  });
});
