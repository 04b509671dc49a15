import type { BenchPostgres } from './bench-postgres';
import type { ServerProcess } from './server-process';

/** CPU seconds. NaN where there is no /proc. */
export interface CpuUsed {
  server: number;
  database: number;
}

/** What a server and PostgreSQL use of the processor, from the making of the meter until it is read. */
export class Meter {
  private readonly before: CpuUsed;

  constructor(
    private readonly server: ServerProcess,
    private readonly postgres: BenchPostgres,
  ) {
    this.before = this.total();
  }

  read(): CpuUsed {
    const now = this.total();
    return { server: now.server - this.before.server, database: now.database - this.before.database };
  }

  private total(): CpuUsed {
    return {
      server: this.server.usage()?.cpuSeconds ?? NaN,
      database: this.postgres.usage()?.cpuSeconds ?? NaN,
    };
  }
}
