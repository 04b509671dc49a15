import { join } from 'node:path';
import { addFaults, type Faults, NO_FAULTS } from './load/delivery-check';
import type { Fleet, FleetPlan, Measured, Sent, Totals } from './load/fleet';
import { Latencies } from './load/latencies';
import { type Load, shareOf } from './load/pace';
import { untilLast } from './load/tally';
import { type RemoteProcess, startRemote } from './remote';

const GENERATOR = join(__dirname, 'load/generator.ts');

/** What became of a load, over all generators. */
export interface Outcome {
  faults: Faults;
  ended: number;
  endedBy: string | null;
  /** Of each delivery to each receiver, from when the message was due. */
  latencies: Latencies;
  /** Of each message until the last receiver had it, where that was followed. */
  lastLatencies: Latencies;
}

/** The load generators of a run, each a process with a share of the clients. To the scenarios they are one. */
export class Fleets {
  private readonly fleets: RemoteProcess<Fleet>[];
  /** Of each fleet. */
  private senders: number[] = [];

  constructor(count: number) {
    this.fleets = Array.from({ length: count }, () => startRemote<Fleet>(GENERATOR));
  }

  /** Resolves once all clients are in their rooms: with how long it took, and how many were told to come again. */
  async connect(plan: FleetPlan): Promise<{ tookMs: number; retries: number }> {
    const count = this.fleets.length;
    const shares = this.fleets.map((_, index) =>
      plan.clients.filter((_, client) => client % count === index),
    );
    this.senders = shares.map((clients) => clients.filter(({ sender }) => sender !== null).length);
    const all = await Promise.all(
      this.fleets.map(({ remote }, index) =>
        remote.connect({
          ...plan,
          clients: shares[index]!,
          openAtOnce: Math.ceil(plan.openAtOnce / count),
        }),
      ),
    );
    return {
      tookMs: Math.max(...all.map(({ tookMs }) => tookMs)),
      retries: all.reduce((sum, { retries }) => sum + retries, 0),
    };
  }

  async start(load: Load): Promise<void> {
    const of = this.senders.reduce((sum, senders) => sum + senders, 0);
    await Promise.all(
      this.fleets.map(({ remote }, index) =>
        remote.start(shareOf(load, { senders: this.senders[index]!, of })),
      ),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.fleets.map(({ remote }) => remote.stop()));
  }

  /** Counts for a while; with `followsLast`, until when each message had reached its last receiver, too. */
  async measure(ms: number, followsLast = false): Promise<Measured> {
    const all = await Promise.all(this.fleets.map(({ remote }) => remote.measure(ms, followsLast)));
    const sum = (key: keyof Measured): number => all.reduce((total, measured) => total + measured[key], 0);
    return {
      seconds: sum('seconds') / all.length,
      sent: sum('sent'),
      refused: sum('refused'),
      delivered: sum('delivered'),
      // Each is a process of its own: the busiest tells whether one was the limit.
      generatorCores: Math.max(...all.map(({ generatorCores }) => generatorCores)),
    };
  }

  /** What was sent and refused until now. */
  async totals(): Promise<Totals> {
    const all = await Promise.all(this.fleets.map(({ remote }) => remote.totals()));
    return {
      sent: all.reduce((sum, { sent }) => sum + sent, 0),
      refused: all.reduce((sum, { refused }) => sum + refused, 0),
    };
  }

  /** Waits until all that was sent, here or `elsewhere`, has been received, or for `timeoutMs`, and judges. */
  async settle(timeoutMs: number, elsewhere: readonly Sent[] = []): Promise<Outcome> {
    const deadline = performance.now() + timeoutMs;
    const here = await Promise.all(this.fleets.map(({ remote }) => remote.whatWasSent(timeoutMs)));
    const sent = [...here.flat(), ...elsewhere];
    const leftMs = deadline - performance.now();
    const verdicts = await Promise.all(this.fleets.map(({ remote }) => remote.settle(sent, leftMs)));
    return {
      faults: verdicts.map(({ faults }) => faults).reduce(addFaults, NO_FAULTS),
      ended: verdicts.reduce((sum, { ended }) => sum + ended, 0),
      endedBy: verdicts.find(({ endedBy }) => endedBy !== null)?.endedBy ?? null,
      latencies: Latencies.merged(verdicts.map(({ latencies }) => new Latencies(latencies))),
      lastLatencies: untilLast(verdicts.map(({ lasts }) => lasts)),
    };
  }

  async disconnect(): Promise<void> {
    await Promise.all(this.fleets.map(({ remote }) => remote.disconnect()));
  }

  end(): void {
    for (const { end } of this.fleets) end();
  }
}
