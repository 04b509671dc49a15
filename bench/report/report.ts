import { decideGoals } from './goals';
import { figure, table } from './markdown';
import type { ScenarioResults } from './results';
import { remarks, resultsTable } from './results-table';

export interface About {
  title: string;
  machine: string;
  repeats: number;
  command: string;
}

/** Everything that a run has found, as Markdown. */
export function renderReport(all: readonly ScenarioResults[], about: About): string {
  const goals = decideGoals(all).map(({ text, value, isMet }) => [text, isMet ? 'yes' : 'no', figure(value)]);
  const found = remarks(all);
  return [
    `# ${about.title}`,
    '',
    `Written by \`${about.command}\`; bench/README.md tells what is measured and how.`,
    '',
    `- Machine: ${about.machine}. The servers, PostgreSQL and the load share it.`,
    `- Figures are medians of ${about.repeats} interleaved repeats. In brackets: how many times better Simple Chat is.`,
    '- Not here, and so not measured: Bun, ejabberd, servers in C++.',
    '',
    ...resultsTable(all),
    '',
    ...(goals.length > 0 ? ['## Goals', '', ...table(['goal', 'met', 'found'], goals), ''] : []),
    ...(found.length > 0 ? ['## Remarks', '', ...found, ''] : []),
  ].join('\n');
}
