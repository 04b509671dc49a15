import { type RunnerOptions, UsageError } from '../options';
import type { BrokerKind } from '../stage/cluster';
import { faultsWith } from './all-faults';
import type { Fault } from './fault';

/** What strikes nodes that announce by this broker. */
export interface Round {
  broker: BrokerKind;
  faults: Fault[];
  /** Those that need more nodes than there are. */
  leftOut: Fault[];
}

/**
 * The faults that are asked for, with each broker that any of them can strike.
 *
 * @throws UsageError if there is none
 */
export function chooseFaults(
  brokers: readonly BrokerKind[],
  { only, nodes }: Pick<RunnerOptions, 'only' | 'nodes'>,
): Round[] {
  const rounds = brokers.map((broker): Round => {
    const called = faultsWith(broker).filter(({ name }) => only === null || name.includes(only));
    const isStruck = (fault: Fault): boolean => (fault.nodes ?? 1) <= nodes;
    return {
      broker,
      faults: called.filter(isStruck),
      leftOut: called.filter((fault) => !isStruck(fault)),
    };
  });
  const chosen = rounds.filter(({ faults }) => faults.length > 0);
  if (chosen.length > 0) return chosen;
  const [tooFew] = rounds.flatMap(({ leftOut }) => leftOut);
  throw new UsageError(
    tooFew
      ? `--nodes ${nodes}: the fault "${tooFew.name}" needs ${tooFew.nodes}.`
      : `--only: no fault with BROKER=${brokers.join(' or ')} is called "${only}".`,
  );
}
