import { join } from 'node:path';
import { spawnServer, type ServerProcess } from '../../test/support/server-process';
import type { Address } from '../clients/roamer';

const CLOCK = join(__dirname, '../node/movable-clock.cjs');
/** What the server writes when something got past everybody. */
const CARELESS = /"msg":"(A promise was rejected and nobody cared|An exception that nobody caught)"/;
const TAIL_CHARS = 600;

/** One node of the cluster: a real server process that can be killed, stopped, continued and started again. */
export class ChaosNode implements Address {
  url: string | null = null;
  private process: ServerProcess | null = null;
  private mayEnd = false;

  constructor(
    readonly name: string,
    private readonly directory: string,
    private readonly env: Record<string, string>,
    /** Called with what became of a process that nobody killed. */
    private readonly died: (what: string) => void,
  ) {}

  get pid(): number {
    return this.process?.pid ?? 0;
  }

  /** Resolves once it listens. */
  async start(): Promise<void> {
    const server = spawnServer(this.directory, this.env, { preload: CLOCK });
    this.process = server;
    this.mayEnd = false;
    void server.exited().then((code) => {
      const careless = CARELESS.exec(server.output())?.[1];
      if (careless) this.died(`${this.name}: ${careless}`);
      if (this.process !== server) return;
      this.url = null;
      if (!this.mayEnd) this.died(`${this.name} ended with ${code}: ${server.output().slice(-TAIL_CHARS)}`);
    });
    this.url = await server.listening();
  }

  /** Resolves when it has ended; gives its exit code, null after a signal that it does not handle. */
  end(signal: NodeJS.Signals): Promise<number | null> {
    this.mayEnd = true;
    const server = this.process!;
    server.kill(signal);
    return server.exited();
  }

  freeze(): void {
    this.process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.process?.kill('SIGCONT');
  }

  /** Its figures for Prometheus, by name and labels. Whoever asks begins those of the event loop anew. */
  async metrics(): Promise<Map<string, number>> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const lines = text.split('\n').filter((line) => !line.startsWith('#'));
    return new Map(
      lines.map((line) => {
        const end = line.lastIndexOf(' ');
        return [line.slice(0, end), Number(line.slice(end + 1))];
      }),
    );
  }

  /** Sets its wall clock forward, or back. */
  jump(jumpMs: number): void {
    this.process?.tell({ jumpMs });
  }
}
