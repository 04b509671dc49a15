import { join } from 'node:path';
import { type RemoteProcess, startRemote } from './remote';

interface Echo {
  say: (text: string) => string;
  end: () => void;
}

describe('A remote process', () => {
  let process: RemoteProcess<Echo>;

  beforeEach(() => {
    process = startRemote<Echo>(join(__dirname, '../test/fixtures/remote-process.cjs'));
  });

  afterEach(() => process.end());

  it('answers calls', async () => {
    expect(await Promise.all([process.remote.say('a'), process.remote.say('b')])).toEqual(['a', 'b']);
  });

  it('fails the calls under way when it ends', async () => {
    await expect(process.remote.end()).rejects.toThrow('remote-process.cjs has ended: 3');
  });

  it('fails every call after it has ended', async () => {
    await process.remote.end().catch(() => undefined);

    await expect(process.remote.say('a')).rejects.toThrow('remote-process.cjs has ended: 3');
  });

  it('fails a call that it cannot be reached for any more', async () => {
    process.end();

    await expect(process.remote.say('a')).rejects.toThrow('remote-process.cjs has ended: SIGKILL');
  });
});
