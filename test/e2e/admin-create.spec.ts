import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { aDataDir, buildServer } from '../support/server-process';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const COMMAND = join(__dirname, '../../dist/src/cli/admin-create.js');
const ROOT = ['--username', 'root', '--email', 'root@example.org'];

beforeAll(buildServer, 120_000);

describe('npm run admin:create', () => {
  const directory = aDataDir();
  let database: TestDatabase;

  beforeAll(async () => (database = await createTestDatabase()));
  afterAll(async () => {
    directory.remove();
    await database.drop();
  });

  function run(args: string[], password = '') {
    const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
      cwd: directory.path,
      env: { DATABASE_URL: database.url },
      input: `${password}\n`,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  }

  it('makes an administrator with the password that it reads', () => {
    expect(run(ROOT, 'correct horse')).toMatchObject({ status: 0, stdout: 'root is an administrator.\n' });
  });

  it('says what a password must be, and speaks of no setting', () => {
    const { status, stderr } = run(ROOT, 'short');

    expect(status).toBe(1);
    expect(stderr).toMatch(/^The password must be text of 8 to 72 bytes/m);
    expect(stderr).not.toContain('ADMIN_PASSWORD');
  });

  it('explains itself: when it is asked to, that is no failure', () => {
    const { stdout } = run(['--help']);

    expect(run(['--help'])).toMatchObject({ status: 0, stderr: '' });
    expect(run([])).toMatchObject({ status: 1, stderr: stdout });
    expect(stdout).toContain('--username <name>');
  });
});
