import type { AppConfig } from '../../src/config/app-config';
import { Person } from './person';
import { createTestDatabase } from './test-database';
import { startTestServer, type TestServer } from './test-server';

/** Two servers on one database. */
export interface TwoNodes {
  a: TestServer;
  b: TestServer;
  stop(): Promise<void>;
}

export async function startTwoNodes(overrides: Partial<AppConfig> = {}): Promise<TwoNodes> {
  const database = await createTestDatabase();
  const node = () => startTestServer({ ...overrides, databaseUrl: database.url });
  const [a, b] = [await node(), await node()];
  const stop = async () => {
    await Promise.all([a.stop(), b.stop()]);
    await database.drop();
  };
  return { a, b, stop };
}

/** The same person at another node. */
export function at(node: TestServer, { id, username, token }: Person): Person {
  return new Person(node, id, username, token);
}
