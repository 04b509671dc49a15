// Checks the import rules of .dependency-cruiser.cjs, and the check itself: every rule must find the violation
// that is planted for it in test/fixtures/forbidden-imports.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const CONFIG = join(ROOT, '.dependency-cruiser.cjs');
const require = createRequire(import.meta.url);

/** @type {string[]} */
const rules = require(CONFIG).forbidden.map((/** @type {{ name: string }} */ rule) => rule.name);

const planted = new Set(violations(join(ROOT, 'test/fixtures/forbidden-imports')).map(({ rule }) => rule));
const blind = rules.filter((rule) => !planted.has(rule));
const found = violations(ROOT);

for (const rule of blind) console.error(`The rule ${rule} does not see the violation planted for it.`);
for (const { rule, from, to } of found) console.error(`${rule}: ${from} → ${to}`);
if (blind.length > 0 || found.length > 0) process.exit(1);
console.log(`Import rules: ${rules.length} hold, and each sees the violation planted for it.`);

/**
 * @param {string} project a directory with a `src`, a `chaos` and a `bench`
 * @returns {{ rule: string, from: string, to: string }[]}
 */
function violations(project) {
  const cli = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [cli, 'src', 'chaos', 'bench', '--config', CONFIG, '--output-type', 'json'];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: project,
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser failed: ${stderr}`);
  /** @type {{ rule: { name: string }, from: string, to: string }[]} */
  const all = JSON.parse(stdout).summary.violations;
  return all.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
}
