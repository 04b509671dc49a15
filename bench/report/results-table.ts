import { SUBJECT } from '../contestants/simple-chat';
import type { Metric } from '../scenarios/scenario';
import { figure, table, times } from './markdown';
import type { ScenarioResults } from './results';

/** One table of all scenarios: a row for each figure, a column for each server, and how many times better ours is. */
export function resultsTable(all: readonly ScenarioResults[]): string[] {
  const names = [...new Set(all.flatMap(({ contestants }) => contestants))];
  const rows = all.flatMap((results) =>
    results.scenario.metrics.map((metric, index) => [
      index === 0 ? results.scenario.title : '',
      metric.unit === '' ? metric.title : `${metric.title}, ${metric.unit}`,
      ...names.map((name) => cell(results, metric, name)),
    ]),
  );
  return table(['', '', ...names], rows);
}

/** What was remarked, once each, with how often. */
export function remarks(all: readonly ScenarioResults[]): string[] {
  return all.flatMap((results) =>
    results.contestants.flatMap((name) =>
      results.remarks(name).map((remark) => `- ${results.scenario.title}, ${name}: ${remark}`),
    ),
  );
}

function cell(results: ScenarioResults, metric: Metric, name: string): string {
  if (!results.contestants.includes(name)) return '';
  const value = figure(results.median(name, metric.key));
  if (name === SUBJECT || !metric.better || !results.contestants.includes(SUBJECT)) return value;
  const ratio = results.ratio(metric, SUBJECT, name);
  return Number.isFinite(ratio) ? `${value} (${times(ratio)})` : value;
}
