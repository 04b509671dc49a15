import { VIOLATIONS, type ViolationKind } from './judge/violation';
import type { Kills } from './scene';
import type { Trial } from './trial';

const COLUMNS: readonly ViolationKind[] = ['lost', 'doubled', 'gap', 'reordered'];
const TITLES: Partial<Record<ViolationKind, string>> = { gap: 'gaps' };

/** The table of a run: one row for each fault, and their sum. */
export function tableOf(trials: readonly Trial[]): string {
  const names = [...new Set(trials.map(({ fault }) => fault.name))];
  const rows = names.map((name) =>
    rowOf(
      name,
      trials.filter(({ fault }) => fault.name === name),
    ),
  );
  const header = [
    'fault',
    'runs',
    'acknowledged',
    ...COLUMNS.map((kind) => TITLES[kind] ?? kind),
    'other',
    'recovery: median',
    'worst',
  ];
  const table = [header, ...rows, rowOf('all', trials)];
  const widths = header.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) => {
    const cells = row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n]!) : cell.padStart(widths[n]!)));
    return `| ${cells.join(' | ')} |`;
  });
  const rule = `|${widths.map((width, n) => (n === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

/** What was killed over all trials. */
export function killsOf(trials: readonly Trial[]): string {
  const sum = (what: keyof Kills): number => trials.reduce((all, { kills }) => all + kills[what], 0);
  return `${sum('nodes')} kills of nodes, ${sum('databases')} of databases, ${sum('brokers')} of brokers`;
}

function rowOf(name: string, trials: readonly Trial[]): string[] {
  const count = (kinds: readonly ViolationKind[]): string =>
    String(trials.flatMap(({ violations }) => violations).filter(({ kind }) => kinds.includes(kind)).length);
  const recoveries = trials.map(({ recoveryMs }) => recoveryMs).sort((a, b) => a - b);
  return [
    name,
    String(trials.length),
    String(trials.reduce((sum, { acknowledged }) => sum + acknowledged, 0)),
    ...COLUMNS.map((kind) => count([kind])),
    count(VIOLATIONS.filter((kind) => !COLUMNS.includes(kind))),
    seconds(recoveries[Math.floor(recoveries.length / 2)] ?? 0),
    seconds(recoveries.at(-1) ?? 0),
  ];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
