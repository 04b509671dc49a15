import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GatheredOutput } from './standard-output';

describe('GatheredOutput', () => {
  let directory: string;
  let file: string;
  let fd: number;
  let output: GatheredOutput;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'simple-chat-output-'));
    file = join(directory, 'log');
    fd = openSync(file, 'w');
    output = new GatheredOutput(fd);
  });
  afterEach(() => {
    closeSync(fd);
    rmSync(directory, { recursive: true });
  });

  it('writes every line whole and in order, those that come while it writes, too', async () => {
    const lines = Array.from({ length: 2000 }, (_, n) => `${n} ${'ä'.repeat(n % 50)}\n`);

    for (const [n, line] of lines.entries()) {
      output.write(line);
      if (n % 100 === 0) await delay(5);
    }
    await delay(300);

    expect(readFileSync(file, 'utf8')).toBe(lines.join(''));
  });

  it('drops what is too much to wait, and says how much that was', async () => {
    const line = `${'x'.repeat(1024 * 1024 - 1)}\n`;

    for (let n = 0; n < 10; n++) output.write(line);
    await delay(500);

    const text = readFileSync(file, 'utf8');
    expect(text.split('\n').filter((each) => each.startsWith('x'))).toHaveLength(8);
    expect(text).toContain('{"level":"warn","msg":"lines were dropped","lines":2}\n');
  });

  it('goes on without a word when its file can be written no more', async () => {
    const unwritable = openSync(file, 'r');
    const lost = new GatheredOutput(unwritable);

    lost.write('one\n');
    await delay(200);
    lost.write('two\n');
    await delay(200);
    closeSync(unwritable);

    expect(readFileSync(file, 'utf8')).toBe('');
  });
});
