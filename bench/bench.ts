import { mkdirSync } from 'node:fs';
import { migrate } from '../src/database/migrate';
import { loadConfig } from '../src/config/load-config';
import type { BenchOptions } from './options';
import { BenchPostgres } from './servers/bench-postgres';

/** What the scenarios of a run share: the options and the one PostgreSQL. */
export class Bench {
  private template: Promise<string> | null = null;

  private constructor(
    readonly options: BenchOptions,
    readonly postgres: BenchPostgres,
  ) {}

  static async open(options: BenchOptions): Promise<Bench> {
    return new Bench(options, await BenchPostgres.start({ countsStatements: options.statements }));
  }

  /** A database with the product's tables and nothing in it, to be copied. */
  productTemplate(): Promise<string> {
    return (this.template ??= this.makeTemplate());
  }

  /** Arguments of node for the product. */
  profiling(): string[] {
    const { cpuProf } = this.options;
    if (cpuProf === null) return [];
    mkdirSync(cpuProf, { recursive: true });
    return ['--cpu-prof', `--cpu-prof-dir=${cpuProf}`];
  }

  /** So much of a time that matters less in a quick run. */
  shortened(fullMs: number): number {
    return this.options.quick ? Math.round(fullMs / 3) : fullMs;
  }

  close(): Promise<void> {
    return this.postgres.stop();
  }

  private async makeTemplate(): Promise<string> {
    const url = await this.postgres.createDatabase();
    await migrate(loadConfig({ DATABASE_URL: url, JWT_SECRET: 'only the tables are wanted' }));
    return url;
  }
}
