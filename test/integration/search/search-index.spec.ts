import { DataSource } from 'typeorm';
import { MessageRepository } from '../../../src/chat/message.repository';
import { PostgresRoomLog } from '../../../src/chat/postgres-room-log';
import { SystemClock } from '../../../src/common/clock';
import { dataSourceOptions } from '../../../src/database/data-source-options';
import { aDraft } from '../../support/a-message';
import { aTestConfig } from '../../support/test-config';
import { createTestDatabase } from '../../support/test-database';

describe("The search's index", () => {
  it('has the words of many new messages without an append that stops to put them there', async () => {
    const database = await createTestDatabase();
    const config = aTestConfig({ databaseUrl: database.url });
    const dataSource = await new DataSource(dataSourceOptions(config)).initialize();
    const log = new PostgresRoomLog(config, new MessageRepository(dataSource, new SystemClock()));
    await dataSource.query(`INSERT INTO rooms (id, name) VALUES (1, 'one')`);
    await dataSource.query('CREATE EXTENSION pgstattuple');
    const pending = async (): Promise<number> => {
      const [row] = await dataSource.query<{ pending: number }[]>(
        `SELECT pending_tuples AS pending FROM pgstatginindex('messages_search')`,
      );
      return row!.pending;
    };

    await log.append(Array.from({ length: 999 }, () => aDraft()));
    const before = await pending();
    await log.append([aDraft()]);
    await log.onApplicationShutdown();
    const after = await pending();

    expect([before, after]).toEqual([999, 0]);
    await dataSource.destroy();
    await database.drop();
  });
});
