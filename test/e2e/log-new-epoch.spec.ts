import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ChangesPage } from '../../src/protocol/models';
import { ChatSocket } from '../support/chat-socket';
import { aPerson, type Person } from '../support/person';
import { aDataDir, buildServer } from '../support/server-process';
import { createTestDatabase } from '../support/test-database';
import { startTestServer, type TestServer } from '../support/test-server';

const COMMAND = join(__dirname, '../../dist/src/cli/log-new-epoch.js');

beforeAll(buildServer, 120_000);

describe('npm run log:new-epoch', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let server: TestServer;
  let ada: Person;
  let known: ChangesPage;

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startTestServer({ databaseUrl: database.url });
    ada = await aPerson(server, 'Ada');
  });
  beforeEach(async () => {
    await ada.post('/rooms/1/messages', { content: 'before' });
    known = await changes();
  });
  afterAll(async () => {
    await server.stop();
    await database.drop();
  });

  async function changes(): Promise<ChangesPage> {
    return (await ada.get<ChangesPage>('/rooms/1/changes?after_seq=0')).body;
  }

  async function newEpoch(): Promise<string> {
    const directory = aDataDir();
    const { stdout } = await promisify(execFile)(process.execPath, [COMMAND], {
      cwd: directory.path,
      env: { DATABASE_URL: database.url },
    });
    directory.remove();
    return stdout;
  }

  async function resume(): Promise<{ socket: ChatSocket; data: unknown }> {
    const path = `/1?after_seq=${known.last_seq}&epoch=${known.epoch}`;
    const socket = await ChatSocket.open(server, ada, { path });
    return { socket, data: (await socket.next('messages_history')).data };
  }

  it('has clients that come back with a position in the old log told of the gap', async () => {
    const stdout = await newEpoch();

    const now = await changes();
    const { socket, data } = await resume();
    expect(now.epoch).not.toBe(known.epoch);
    expect(stdout).toContain(now.epoch);
    expect(data).toMatchObject({ epoch: now.epoch, gap: { from_seq: 1, to_seq: known.last_seq } });
    await socket.close();
  });

  it('is noticed by a node that runs all the same: its readers are sent away, and told of the gap when they return', async () => {
    const reading = await ChatSocket.open(server, ada, { path: '/1' });
    await reading.next('messages_history');

    await newEpoch();
    const { code } = await reading.closed;
    const { socket, data } = await resume();

    const { epoch } = await changes();
    expect(code).toBe(1012);
    expect(epoch).not.toBe(known.epoch);
    expect(data).toMatchObject({ epoch, gap: { from_seq: 1, to_seq: known.last_seq } });
    expect((await socket.say('in the new life')).seq).toBe(known.last_seq + 1);
    await socket.close();
  });
});
