import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const fileOf = (name: string) => readFileSync(join(__dirname, '../..', name), 'utf8');

describe('the start command', () => {
  it('is the same in the image as by npm start, with its options for V8', () => {
    const { scripts } = JSON.parse(fileOf('package.json')) as { scripts: { start: string } };
    const command = /^CMD (\[.*\])$/m.exec(fileOf('Dockerfile'))![1]!;

    const words = JSON.parse(command) as string[];

    expect(`exec ${words.join(' ')}`).toBe(scripts.start);
    expect(words.filter((word) => word.startsWith('--'))).not.toEqual([]);
  });
});
