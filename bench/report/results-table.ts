import { SUBJECT } from '../contestants/simple-chat';
import type { Metric } from '../scenarios/scenario';
import { figure, table, times } from './markdown';
import type { ScenarioResults } from './results';

/** Beside the peers: a row for each figure, a column for each server, and how many times better ours is. */
export function comparison(all: readonly ScenarioResults[]): string[] {
  const names = [...new Set(all.flatMap(({ contestants }) => contestants))];
  const rows = all.flatMap((results) =>
    results.scenario.metrics.map((metric, index) => [
      index === 0 ? results.scenario.title : '',
      titleOf(metric),
      ...names.map((name) => cell(results, metric, name)),
    ]),
  );
  return table(['', '', ...names], rows, 2);
}

/** Ours alone as something grows: a row for each size, a column for each figure. */
export function seriesTable(all: readonly ScenarioResults[]): string[] {
  const { metrics } = all[0]!.scenario;
  const rows = all.map((results) => [
    results.scenario.title,
    ...metrics.map(({ key }) => figure(results.median(SUBJECT, key))),
  ]);
  return table(['', ...metrics.map(titleOf)], rows, 1);
}

/** What was remarked, of whom and where. */
export function remarks(all: readonly ScenarioResults[]): string[] {
  return all.flatMap((results) =>
    results.contestants.flatMap((name) =>
      results.remarks(name).map((remark) => `- ${results.scenario.title}, ${name}: ${remark}`),
    ),
  );
}

function titleOf({ title, unit }: Metric): string {
  return unit === '' ? title : `${title}, ${unit}`;
}

function cell(results: ScenarioResults, metric: Metric, name: string): string {
  if (!results.contestants.includes(name)) return '';
  const value = figure(results.median(name, metric.key));
  if (name === SUBJECT || !metric.better || !results.contestants.includes(SUBJECT)) return value;
  const ratio = results.ratio(metric, SUBJECT, name);
  return Number.isFinite(ratio) ? `${value} (${times(ratio)})` : value;
}
