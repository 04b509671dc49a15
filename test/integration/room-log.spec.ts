import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { MessageRepository } from '../../src/chat/message.repository';
import { PostgresRoomLog } from '../../src/chat/postgres-room-log';
import { SystemClock } from '../../src/common/clock';
import { dataSourceOptions } from '../../src/database/data-source-options';
import type { Appended } from '../../src/realtime/room-log';
import { describeRoomLog } from '../contract/room-log.contract';
import type { RoomLogStage } from '../contract/room-log-scene';
import { aDraft } from '../support/a-message';
import { FakeRoomLog } from '../support/fake-room-log';
import { aTestConfig } from '../support/test-config';
import { createTestDatabase } from '../support/test-database';

describeRoomLog('FakeRoomLog', async () => {
  const log = new FakeRoomLog();
  let rooms = 0;
  let users = 0;
  return {
    log,
    aRoom: async () => {
      log.addRoom(++rooms);
      return rooms;
    },
    aUser: async () => ++users,
    closeRoom: async (roomId) => log.closeRoom(roomId),
    end: async () => undefined,
  };
});

describeRoomLog('PostgresRoomLog', async (): Promise<RoomLogStage> => {
  const database = await createTestDatabase();
  const config = aTestConfig({ databaseUrl: database.url });
  const dataSource = await new DataSource(dataSourceOptions(config)).initialize();
  const log = new PostgresRoomLog(config, new MessageRepository(dataSource, new SystemClock()));
  const idOf = async (statement: string, parameters: unknown[] = []) => {
    const [row] = await dataSource.query<{ id: number }[]>(statement, parameters);
    return row!.id;
  };
  return {
    log,
    aRoom: () =>
      idOf(
        `WITH room AS (INSERT INTO rooms (name) VALUES (gen_random_uuid()) RETURNING id),
              joined AS (INSERT INTO room_members (room_id, user_id) SELECT room.id, users.id FROM room, users)
         SELECT id FROM room`,
      ),
    aUser: (username) =>
      idOf(`INSERT INTO users (username, email, password_hash) VALUES ($1, $1, 'none') RETURNING id`, [
        username,
      ]),
    closeRoom: async (roomId) => {
      await dataSource.query(`UPDATE rooms SET is_active = false WHERE id = $1`, [roomId]);
    },
    end: async () => {
      await log.onApplicationShutdown();
      await dataSource.destroy();
      await database.drop();
    },
  };
});

describe('PostgresRoomLog', () => {
  it('has PostgreSQL store a group while the rest of the turn goes on, as when the last group is announced', async () => {
    const database = await createTestDatabase();
    const config = aTestConfig({ databaseUrl: database.url });
    const dataSource = await new DataSource(dataSourceOptions(config)).initialize();
    const log = new PostgresRoomLog(config, new MessageRepository(dataSource, new SystemClock()));
    await dataSource.query(`INSERT INTO rooms (id, name) VALUES (1, 'one')`);
    await log.append([aDraft()]);

    const stored = log.append([aDraft()]);
    const turnEnds = Date.now() + 300;
    while (Date.now() < turnEnds);
    const [appended] = (await stored) as Appended[];

    expect(Date.parse(appended!.message.created_at)).toBeLessThan(turnEnds - 100);
    await log.onApplicationShutdown();
    await dataSource.destroy();
    await database.drop();
  });
});
