import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOCUMENTS } from './generated-documents';

const ROOT = join(__dirname, '../..');

describe('the generated documents', () => {
  it.each(Object.keys(DOCUMENTS))('%s says what the code says (npm run generate:docs)', (path) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(DOCUMENTS[path]?.());
  });
});
