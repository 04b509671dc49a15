import { Client } from 'pg';
import type { AppConfig } from '../config/app-config';
import { poolConfig } from './data-source-options';

/** Gives the rows of a statement, asked on a connection of its own: before there are pools. */
export async function askOnce<Row extends object>(config: AppConfig, text: string): Promise<Row[]> {
  const client = new Client(poolConfig(config));
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}
