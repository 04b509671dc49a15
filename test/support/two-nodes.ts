import type { AppConfig } from '../../src/config/app-config';
import { Broker } from '../../src/realtime/broker/broker';
import { NodeLink } from '../../src/realtime/broker/node-link';
import { eventually } from './eventually';
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

/** Resolves when each of the two nodes has heard of the other: what happens from now on is announced. */
export async function acquainted({ a, b }: TwoNodes): Promise<void> {
  const knowsAnother = ({ app }: TestServer) => app.get(NodeLink).peerIds.length > 0;
  await eventually(() => knowsAnother(a) && knowsAnother(b), 'two nodes to hear of each other');
}

/** From now on neither node hears a word of the other. */
export function cutOff({ a, b }: TwoNodes): void {
  for (const { app } of [a, b]) app.get(Broker).publish = () => undefined;
}

/** The same person at another node. */
export function at(node: TestServer, { id, username, token }: Person): Person {
  return new Person(node, id, username, token);
}
