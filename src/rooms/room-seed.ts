import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Any number that nobody else uses: the name of the lock. */
const SEED_LOCK = 7_236_154_902;

/**
 * Makes the public room `general`, the first place to talk, in a database without any room.
 *
 * Only there: a `general` that was renamed or archived stays so. Several nodes that start on one
 * empty database wait for each other, so the room is made once and its id is 1.
 */
@Injectable()
export class RoomSeed implements OnApplicationBootstrap {
  constructor(private readonly dataSource: DataSource) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [SEED_LOCK]);
      await manager.query(
        `INSERT INTO rooms (name, description)
         SELECT 'general', 'For everyone and everything' WHERE NOT EXISTS (SELECT FROM rooms)`,
      );
    });
  }
}
