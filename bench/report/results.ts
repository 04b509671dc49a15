import type { Findings, Metric, Scenario } from '../scenarios/scenario';

interface Run extends Findings {
  contestant: string;
}

/** What all runs of a scenario have found. */
export class ScenarioResults {
  private readonly runs: Run[] = [];

  constructor(readonly scenario: Scenario) {}

  add(contestant: string, findings: Findings): void {
    this.runs.push({ contestant, ...findings });
  }

  /** Who has run, in the order of the scenario. */
  get contestants(): string[] {
    return this.scenario.contestants
      .map(({ name }) => name)
      .filter((name) => this.runs.some(({ contestant }) => contestant === name));
  }

  /** The median of the repeats; NaN if there is none. */
  median(contestant: string, metric: string): number {
    const values = this.runs
      .filter((run) => run.contestant === contestant)
      .map(({ figures }) => figures[metric] ?? NaN)
      .filter((value) => !Number.isNaN(value))
      .sort((a, b) => a - b);
    if (values.length === 0) return NaN;
    const middle = values.length >> 1;
    return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
  }

  /** What was remarked of a contestant, each once, with how often if it was more. */
  remarks(contestant: string): string[] {
    const counts = new Map<string, number>();
    for (const run of this.runs) {
      if (run.contestant !== contestant) continue;
      for (const remark of run.remarks) counts.set(remark, (counts.get(remark) ?? 0) + 1);
    }
    return [...counts].map(([remark, count]) => (count === 1 ? remark : `${remark} (${count} times)`));
  }

  /** How many times better `name` is than `other`; below 1 it is worse. */
  ratio({ key, better }: Metric, name: string, other: string): number {
    const [ours, theirs] = [this.median(name, key), this.median(other, key)];
    return better === 'more' ? ours / theirs : theirs / ours;
  }
}
