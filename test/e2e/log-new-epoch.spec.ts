import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ChangesPage, Message } from '../../src/protocol/models';
import { ChatSocket } from '../support/chat-socket';
import { aPerson } from '../support/person';
import { aDataDir, buildServer } from '../support/server-process';
import { createTestDatabase } from '../support/test-database';
import { startTestServer } from '../support/test-server';

const COMMAND = join(__dirname, '../../dist/src/cli/log-new-epoch.js');

beforeAll(buildServer, 120_000);

describe('npm run log:new-epoch', () => {
  it('has clients that come back with a position in the old log told of the gap', async () => {
    const database = await createTestDatabase();
    const server = await startTestServer({ databaseUrl: database.url });
    const ada = await aPerson(server, 'Ada');
    await ada.post<Message>('/rooms/1/messages', { content: 'before' });
    const { body: known } = await ada.get<ChangesPage>('/rooms/1/changes?after_seq=0');
    const directory = aDataDir();

    const { stdout } = await promisify(execFile)(process.execPath, [COMMAND], {
      cwd: directory.path,
      env: { DATABASE_URL: database.url },
    });
    const { body: now } = await ada.get<ChangesPage>('/rooms/1/changes?after_seq=0');
    const socket = await ChatSocket.open(server, ada, {
      path: `/1?after_seq=${known.last_seq}&epoch=${known.epoch}`,
    });
    const answer = await socket.next('messages_history');

    expect(now.epoch).not.toBe(known.epoch);
    expect(stdout).toContain(now.epoch);
    expect(answer.data).toMatchObject({ epoch: now.epoch, gap: { from_seq: 1, to_seq: known.last_seq } });
    await socket.close();
    await server.stop();
    await database.drop();
    directory.remove();
  });
});
