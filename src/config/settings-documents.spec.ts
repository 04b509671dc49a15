import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from './load-config';
import { SETTINGS } from './settings';
import { SETTINGS_DOCUMENTS } from './settings-documents';

const ROOT = join(__dirname, '../..');

describe('the settings documents', () => {
  it.each(Object.keys(SETTINGS_DOCUMENTS))(
    '%s says what the table says (npm run generate:settings)',
    (path) => {
      expect(readFileSync(join(ROOT, path), 'utf8')).toBe(SETTINGS_DOCUMENTS[path]?.());
    },
  );

  it.each(Object.keys(SETTINGS_DOCUMENTS))('%s names every setting once', (path) => {
    const names = readFileSync(join(ROOT, path), 'utf8').match(/^(#|\| `)[A-Z_]{4,}(?=[=`])/gm) ?? [];

    expect(names.map((name) => name.replace(/[^A-Z_]/g, '')).sort()).toEqual(Object.keys(SETTINGS).sort());
  });

  it('.env.example gives values that are valid once they are filled in', () => {
    const lines = readFileSync(join(ROOT, '.env.example'), 'utf8').match(/^#[A-Z_]+=.*$/gm) ?? [];
    const env = Object.fromEntries(
      lines.map((line) => line.slice(1).split(/=(.*)/s).slice(0, 2) as [string, string]),
    );

    const config = loadConfig({ ...env, ADMIN_PASSWORD: 'correct horse' });

    expect(config.corsOrigins).toHaveLength(2);
    expect(config.limits.message_max_chars).toBe(4000);
  });
});
