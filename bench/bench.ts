import { mkdirSync } from 'node:fs';
import { migrate } from '../src/database/migrate';
import { loadConfig } from '../src/config/load-config';
import type { BenchOptions } from './options';
import { BenchPostgres } from './servers/bench-postgres';
import { dearestStatements } from './servers/statements';

/** What the scenarios of a run share: the options and the one PostgreSQL. */
export class Bench {
  private readonly databases = new Map<string, Promise<string>>();
  private closing: Promise<void> | null = null;

  private constructor(
    readonly options: BenchOptions,
    readonly postgres: BenchPostgres,
  ) {}

  static async open(options: BenchOptions): Promise<Bench> {
    return new Bench(options, await BenchPostgres.start());
  }

  /** A database with the product's tables and nothing in it, to be copied. */
  productTemplate(): Promise<string> {
    return this.database('template', async () => {
      const url = await this.postgres.createDatabase();
      await migrate(loadConfig({ DATABASE_URL: url, JWT_SECRET: 'only the tables are wanted' }));
      return url;
    });
  }

  /** The database of that name, made when it is first asked for and kept for the whole run. */
  database(name: string, make: () => Promise<string>): Promise<string> {
    const known = this.databases.get(name) ?? make();
    this.databases.set(name, known);
    return known;
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
    return this.options.quick ? Math.round(fullMs / 4) : fullMs;
  }

  /** Without effect the second time. */
  close(): Promise<void> {
    this.closing ??= this.postgres.stop();
    return this.closing;
  }

  /** What PostgreSQL was asked on a database, the dearest first. */
  async printStatements(databaseUrl: string): Promise<void> {
    const lines = (await dearestStatements(databaseUrl)).map(
      ({ calls, totalMs, text }) =>
        `${totalMs.toFixed(0).padStart(8)} ms ${String(calls).padStart(8)} × ${text}`,
    );
    process.stderr.write(`${lines.join('\n')}\n`);
  }
}
