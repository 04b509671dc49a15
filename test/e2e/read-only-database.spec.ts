import { Client } from 'pg';
import { ChatSocket } from '../support/chat-socket';
import { aPerson } from '../support/person';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { startTestServer, type TestServer } from '../support/test-server';

/** As after a failover, when the way to the new primary leads to a standby for a moment. */
describe('a database that takes no changes for a while', () => {
  let database: TestDatabase;
  let server: TestServer;
  let operator: Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startTestServer({ databaseUrl: database.url });
    operator = new Client({
      connectionString: database.url,
      options: '-c default_transaction_read_only=off',
    });
    await operator.connect();
  });
  afterAll(async () => {
    await operator.end();
    await server.stop();
    await database.drop();
  });

  async function setReadOnly(): Promise<void> {
    const name = new URL(database.url).pathname.slice(1);
    await operator.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await operator.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
      [name],
    );
  }

  it('costs what is sent meanwhile, and nothing that is sent afterwards', async () => {
    const ada = await aPerson(server, 'Ada');
    const socket = await ChatSocket.open(server, ada, { path: '/1' });
    await socket.say('before');
    await setReadOnly();

    // What was connected is gone; whoever comes next meets a server that takes no changes.
    const send = (content: string) => socket.request({ type: 'message', content });
    const rename = () => ada.patch('/users/me', { bio: 'a change' });
    await Promise.all([send('gone'), rename()]);
    const refused = await Promise.all([send('refused'), rename()]);
    await operator.query(`ALTER DATABASE ${new URL(database.url).pathname.slice(1)} RESET ALL`);
    const { type } = await send('after');

    expect(refused).toMatchObject([
      { code: 'database_unavailable', outcome: 'not_stored' },
      { status: 503, body: { code: 'database_unavailable' } },
    ]);
    expect(type).toBe('ack');
    expect((await rename()).status).toBe(200);
    await socket.close();
  });
});
