import { DataSource } from 'typeorm';
import { MessageRepository } from '../../src/chat/message.repository';
import { SystemClock } from '../../src/common/clock';
import { dataSourceOptions } from '../../src/database/data-source-options';
import { StatementRecorder } from '../support/statement-recorder';
import { aTestConfig } from '../support/test-config';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const NO_ROOM = 99;
const EMPTY_ROOM = 3;

let database: TestDatabase;
let dataSource: DataSource;
let messages: MessageRepository;
let recorder: StatementRecorder;

beforeAll(async () => {
  recorder = new StatementRecorder();
  database = await createTestDatabase();
  dataSource = await new DataSource(
    dataSourceOptions(aTestConfig({ databaseUrl: database.url })),
  ).initialize();
  messages = new MessageRepository(dataSource, new SystemClock());
  await dataSource.query(
    `INSERT INTO rooms (id, name, last_seq) VALUES (1, 'one', 100), (2, 'two', 200), (${EMPTY_ROOM}, 'empty', 0)`,
  );
  await dataSource.query(
    `INSERT INTO messages (room_id, id, seq, content, created_at)
     SELECT r, n, n, r || '/' || n, now() FROM generate_series(1, 2) r, generate_series(1, 100 * r) n`,
  );
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
  jest.restoreAllMocks();
});

const contents = ({ messages: page }: { messages: readonly { content: string | null }[] }) =>
  page.map(({ content }) => content);

describe('Pages of history that are asked for at once', () => {
  it('are each the page that was asked for, whatever their rooms, places and lengths', async () => {
    const [first, second, third, newest, none] = await Promise.all([
      messages.history(1, { cursor: 11, limit: 3 }),
      messages.history(2, { cursor: 150, limit: 3 }),
      messages.history(2, { cursor: 3, limit: 2 }),
      messages.history(1, { limit: 1 }),
      messages.history(EMPTY_ROOM, { limit: 3 }),
    ]);

    expect(contents(first)).toEqual(['1/8', '1/9', '1/10']);
    expect(first).toMatchObject({ has_more: true, next_cursor: 8, last_seq: 100 });
    expect(contents(second)).toEqual(['2/147', '2/148', '2/149']);
    expect(second).toMatchObject({ has_more: true, next_cursor: 147, last_seq: 200 });
    expect(contents(third)).toEqual(['2/1', '2/2']);
    expect(third).toMatchObject({ has_more: false, next_cursor: null, last_seq: 200 });
    expect(contents(newest)).toEqual(['1/100']);
    expect(none).toMatchObject({ messages: [], has_more: false, next_cursor: null, last_seq: 0 });
  });

  it('do not fail for a room that is not there, which is told so', async () => {
    const [there, missing] = await Promise.allSettled([
      messages.history(1, { cursor: 3, limit: 2 }),
      messages.history(NO_ROOM, { cursor: 3, limit: 2 }),
    ]);

    expect(there.status === 'fulfilled' && contents(there.value)).toEqual(['1/1', '1/2']);
    expect(missing).toMatchObject({ status: 'rejected', reason: { code: 'room_not_found' } });
  });

  it('are as many to a statement as have a thousand messages or so', async () => {
    const cursors = Array.from({ length: 32 }, (_, index) => index + 50);

    const statements = await recorder.during(
      () => Promise.all(cursors.map((cursor) => messages.history(1, { cursor, limit: 63 }))),
      'messages m',
    );

    expect(statements).toHaveLength(2);
  });
});
