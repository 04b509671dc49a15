import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { readEnvironment } from '../config/environment';
import { loadConfig } from '../config/load-config';
import { openDatabase } from '../database/open-database';
import { runCommand } from './run-command';

const USAGE = `Gives the logs of all rooms a new name. To be done after a backup was restored, before the servers start:
clients that know more than the restored logs then learn of the gap, instead of mixing two histories.

  npm run log:new-epoch`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { help: { type: 'boolean' } } });
  if (values.help) return void process.stdout.write(`${USAGE}\n`);
  const database = await openDatabase(loadConfig({ LOG_LEVEL: 'warn', ...readEnvironment() }));
  const client = new Client(database.config.databaseUrl!);
  try {
    await client.connect();
    const { rows } = await client.query<{ epoch: string }>(
      `UPDATE log_epoch SET epoch = replace(gen_random_uuid()::text, '-', '') RETURNING epoch`,
    );
    process.stdout.write(`The epoch of the logs is ${rows[0]!.epoch} from now on.\n`);
  } finally {
    await client.end();
    await database.close();
  }
}

runCommand(main);
