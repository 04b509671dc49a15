import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

  it.each([
    ['a pipe', '| cat'],
    ['a socket', ''],
    ['a file', '> log; cat log'],
  ])('writes what is said last, also behind a write that is under way, to %s', (_, output) => {
    const program = `
      const { GatheredOutput } = require(${JSON.stringify(join(__dirname, 'standard-output.ts'))});
      const output = new GatheredOutput(1);
      output.write('first\\n');
      // Behind the timer of the first line, and before the event loop hears of its write.
      setTimeout(() => {
        output.write('last\\n');
        process.exit(1);
      }, 50);`;
    writeFileSync(join(directory, 'program.js'), program);
    const node = `'${process.execPath}' -r '${require.resolve('@swc-node/register')}'`;

    const { stdout } = spawnSync(`${node} program.js ${output}`, {
      cwd: directory,
      shell: true,
      encoding: 'utf8',
    });

    expect(stdout.split('\n')).toContain('last');
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
