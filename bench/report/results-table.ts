import { SUBJECT } from '../contestants/simple-chat';
import type { Metric } from '../scenarios/scenario';
import { figure, table, times } from './markdown';
import type { ScenarioResults } from './results';

/** A scenario's table: a row for each figure, a column for each server, and how many times better ours is. */
export function resultsTable(results: ScenarioResults): string {
  const names = results.contestants;
  const rows = results.scenario.metrics.map((metric) => [
    metric.unit === '' ? metric.title : `${metric.title}, ${metric.unit}`,
    ...names.map((name) => cell(results, metric, name)),
  ]);
  const remarks = names.flatMap((name) => results.remarks(name).map((remark) => `- ${name}: ${remark}`));
  return [`### ${results.scenario.title}`, '', ...table(['', ...names], rows), '', ...remarks].join('\n');
}

function cell(results: ScenarioResults, metric: Metric, name: string): string {
  const value = figure(results.median(name, metric.key));
  if (name === SUBJECT || !results.contestants.includes(SUBJECT)) return value;
  const ratio = results.ratio(metric, SUBJECT, name);
  return Number.isFinite(ratio) ? `${value} (${times(ratio)})` : value;
}
