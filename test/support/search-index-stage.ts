import { DataSource } from 'typeorm';
import { MessageRepository } from '../../src/chat/message.repository';
import { PostgresRoomLog } from '../../src/chat/postgres-room-log';
import { SystemClock } from '../../src/common/clock';
import { dataSourceOptions } from '../../src/database/data-source-options';
import { SearchIndexRepository } from '../../src/search/search-index.repository';
import { aDraft } from './a-message';
import { misplaced, stretchesOf } from './search-index';
import { aTestConfig } from './test-config';
import { createTestDatabase } from './test-database';

export const ROOMS = 100;

/** A log of `ROOMS` rooms and the index of its words, written when a test says so. */
export class SearchIndexStage {
  readonly log: PostgresRoomLog;
  readonly index: SearchIndexRepository;

  private constructor(
    readonly config: ReturnType<typeof aTestConfig>,
    readonly dataSource: DataSource,
    private readonly drop: () => Promise<void>,
  ) {
    this.log = new PostgresRoomLog(config, new MessageRepository(dataSource, new SystemClock()));
    this.index = new SearchIndexRepository(config);
  }

  static async open(): Promise<SearchIndexStage> {
    const database = await createTestDatabase();
    const config = aTestConfig({ databaseUrl: database.url });
    const dataSource = await new DataSource(dataSourceOptions(config)).initialize();
    return new SearchIndexStage(config, dataSource, () => database.drop());
  }

  async clear(): Promise<void> {
    await this.dataSource.query('TRUNCATE rooms, messages, search_backlog, search_stretches CASCADE');
    await this.dataSource.query(
      `INSERT INTO rooms (id, name) SELECT n, 'room ' || n FROM generate_series(1, $1) n`,
      [ROOMS],
    );
  }

  async close(): Promise<void> {
    await this.log.onApplicationShutdown();
    await this.index.onApplicationShutdown();
    await this.dataSource.destroy();
    await this.drop();
  }

  /** Messages of a room that say `word`, or their number. */
  say(count: number, roomId = 1, word?: string): Promise<unknown> {
    return this.log.append(
      Array.from({ length: count }, (_, n) =>
        aDraft({ roomId, content: `${word ?? `number${n + 1}`}, they said` }),
      ),
    );
  }

  /** How many messages wait, by room. */
  async waiting(): Promise<Record<number, number>> {
    const rows = await this.dataSource.query<{ room_id: number; size: number }[]>(
      `SELECT room_id, sum(last_id - first_id + 1)::int AS size FROM search_backlog GROUP BY room_id`,
    );
    return Object.fromEntries(rows.map(({ room_id, size }) => [room_id, size]));
  }

  stretches() {
    return stretchesOf(this.dataSource);
  }

  /** The first and the last message of each stretch. */
  async ids(): Promise<[first: number, last: number][]> {
    return (await this.stretches()).map(({ ids }) => ids);
  }

  async words(place = 0): Promise<string[]> {
    return (await this.stretches())[place]!.words;
  }

  misplaced() {
    return misplaced(this.dataSource);
  }
}
