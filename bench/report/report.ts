import { bunPublish } from '../contestants/peers';
import { decideGoals } from './goals';
import { figure, table } from './markdown';
import type { ScenarioResults } from './results';
import { comparison, remarks, seriesTable } from './results-table';

export interface About {
  title: string;
  machine: string;
  repeats: number;
  command: string;
  /** What `npm start` runs. */
  start: string;
}

/** Everything that a run has found, as Markdown. */
export function renderReport(all: readonly ScenarioResults[], about: About): string {
  const goals = decideGoals(all).map(({ text, value, isMet }) => [text, isMet ? 'yes' : 'no', figure(value)]);
  const found = remarks(all);
  const compared = all.filter(({ scenario }) => scenario.series === undefined);
  const series = [...new Set(all.flatMap(({ scenario }) => scenario.series ?? []))];
  return [
    `# ${about.title}`,
    '',
    `Written by \`${about.command}\`; [bench/README.md](../bench/README.md) tells what is measured and how.`,
    '',
    `- Machine: ${about.machine}. The servers, PostgreSQL and the load share it.`,
    `- Simple Chat was started by \`${about.start}\`.`,
    `- Figures are ${about.repeats === 1 ? 'of one run' : `medians of ${about.repeats} interleaved repeats`}.`,
    ...(compared.length > 0 ? [...aboutPeers(compared), '', ...comparison(compared)] : []),
    '',
    ...series.flatMap((title) => [
      `## ${title}`,
      '',
      ...seriesTable(all.filter(({ scenario }) => scenario.series === title)),
      '',
    ]),
    ...(goals.length > 0 ? ['## Goals', '', ...table(['goal', 'met', 'found'], goals, 2), ''] : []),
    ...(found.length > 0 ? ['## Remarks', '', ...found, ''] : []),
  ].join('\n');
}

function aboutPeers(compared: readonly ScenarioResults[]): string[] {
  const hasBun = compared.some(({ contestants }) => contestants.includes(bunPublish.name));
  const notHere = [...(hasBun ? [] : ['Bun']), 'ejabberd', 'servers in C++'];
  return ['- In brackets: how many times better Simple Chat is.', `- Not measured: ${notHere.join(', ')}.`];
}
