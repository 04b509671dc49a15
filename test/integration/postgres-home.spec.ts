import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperatorError } from '../../src/common/operator-error';
import { preparePostgresHome } from '../../src/database/postgres-home';

let root: string;
let dataDir: string;
let elsewhere: string[] = [];

beforeEach(() => {
  root = mkdtempSync(join(realpathSync(tmpdir()), 'simple-chat-home-'));
  chmodSync(root, 0o755);
  dataDir = join(root, 'data');
});
afterEach(() => {
  for (const directory of [root, ...elsewhere]) rmSync(directory, { recursive: true, force: true });
  elsewhere = [];
});

/** The directory of the database; what is made elsewhere is removed after the test. */
function homeOf(directory: string): string {
  const home = preparePostgresHome(directory);
  if (!home.directory.startsWith(root)) elsewhere.push(home.directory);
  return home.directory;
}

describe('the home of PostgreSQL', () => {
  it('is in DATA_DIR, or where a link there leads', () => {
    const linked = join(root, 'linked');
    mkdirSync(linked);
    symlinkSync(homeOf(dataDir), join(linked, 'postgres'));

    expect(homeOf(linked)).toBe(join(dataDir, 'postgres'));
  });

  it('is never made anew where the link leads to nothing', () => {
    mkdirSync(dataDir);
    symlinkSync(join(root, 'gone'), join(dataDir, 'postgres'));

    expect(() => homeOf(dataDir)).toThrow(OperatorError);
    expect(() => homeOf(dataDir)).toThrow(join(root, 'gone'));
  });

  it('is not called missing where the link cannot be followed', () => {
    mkdirSync(dataDir);
    symlinkSync(join(dataDir, 'postgres'), join(dataDir, 'postgres'));

    expect(() => homeOf(dataDir)).toThrow(/cannot reach \(ELOOP\)/);
  });
});

// Elsewhere than under root, PostgreSQL runs as the server does.
const describeAsRoot = process.getuid?.() === 0 ? describe : describe.skip;

describeAsRoot('for root (skipped for others), the home of PostgreSQL below a closed directory', () => {
  beforeEach(() => chmodSync(root, 0o700));

  it('is elsewhere, and stays there when DATA_DIR is moved', () => {
    const home = homeOf(dataDir);
    const moved = join(root, 'moved');
    renameSync(dataDir, moved);

    expect(home).toMatch(/^\/var\/lib\/simple-chat\//);
    expect(homeOf(moved)).toBe(home);
  });

  it('is a new one for a new DATA_DIR at the old place', () => {
    const home = homeOf(dataDir);
    rmSync(dataDir, { recursive: true });

    expect(homeOf(dataDir)).not.toBe(home);
  });

  it('is found again where it was before there were links', () => {
    const name = createHash('sha256').update(join(dataDir, 'postgres')).digest('hex').slice(0, 12);
    const unlinked = join('/var/lib/simple-chat', name);
    mkdirSync(unlinked, { recursive: true });

    expect(homeOf(dataDir)).toBe(unlinked);
    expect(homeOf(dataDir)).toBe(unlinked);
  });

  it('is not found a second time by who comes without the link', () => {
    const name = createHash('sha256').update(join(dataDir, 'postgres')).digest('hex').slice(0, 12);
    mkdirSync(join('/var/lib/simple-chat', name), { recursive: true });
    const home = homeOf(dataDir);
    renameSync(dataDir, join(root, 'moved'));

    expect(homeOf(dataDir)).not.toBe(home);
    expect(homeOf(join(root, 'moved'))).toBe(home);
  });

  it('is refused where a database has got out of reach', () => {
    mkdirSync(join(dataDir, 'postgres/data'), { recursive: true });

    expect(() => homeOf(dataDir)).toThrow(OperatorError);
  });
});
