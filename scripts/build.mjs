// Compiles the server to dist/ and puts beside it what the documentation pages serve.
// With --if-needed: only when there is no complete build, or a source is newer than it.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));

const SOURCES = [
  'src',
  'migrations',
  'ormconfig.ts',
  'package.json',
  'nest-cli.json',
  'tsconfig.json',
  'tsconfig.build.json',
];
/** @type {[from: string, to: string][]} */
const ASSETS = [
  ['src/docs/assets', 'dist/src/docs/assets'],
  ['node_modules/redoc/bundles/redoc.standalone.js', 'dist/src/docs/assets/redoc.standalone.js'],
];
/** Written last: a build that was cut short has none. */
const STAMP = 'dist/.complete';

if (!process.argv.includes('--if-needed') || isStale()) build();

function isStale() {
  const builtAt = statSync(STAMP, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return SOURCES.some((source) => newestChange(source) > builtAt);
}

/**
 * @param {string} path
 * @returns {number} milliseconds
 */
function newestChange(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  // The directory's own time tells of files that were removed.
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

function build() {
  const nest = 'node_modules/@nestjs/cli/bin/nest.js';
  if (!existsSync(nest)) fail('Building needs the development packages: npm ci --include=dev');
  console.log('Building the server …');
  if (spawnSync(process.execPath, [nest, 'build'], { stdio: 'inherit' }).status !== 0)
    fail('The build failed.');
  for (const [from, to] of ASSETS) {
    if (!existsSync(from)) continue;
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to, { recursive: true });
  }
  writeFileSync(STAMP, '');
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(1);
}
