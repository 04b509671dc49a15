import { Client } from 'pg';
import { OperatorError } from '../common/operator-error';
import type { AppConfig } from '../config/app-config';
import { poolConfig } from './data-source-options';

/** Checks that the database can keep what people write: it is in UTF-8. Every other fails only later, in a migration. */
export async function checkEncoding(config: AppConfig): Promise<void> {
  const client = new Client(poolConfig(config));
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ server_encoding: string }>('SHOW server_encoding');
    const encoding = rows[0]?.server_encoding;
    if (encoding !== 'UTF8')
      throw new OperatorError(`The database has the encoding ${encoding}: make one with ENCODING 'UTF8'.`);
  } finally {
    await client.end();
  }
}
