import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { BrokerKind } from './stage/cluster';

export interface RunnerOptions {
  /** How long the faults strike again and again; null: each once. */
  durationMs: number | null;
  /** Part of the names of the faults to run. */
  only: string | null;
  seed: number;
  nodes: number;
  /** One after the other; null: all that this machine has. */
  broker: BrokerKind | null;
  /** What is measured instead of letting faults strike; null: nothing. */
  measure: MeasureName | null;
  clients: number;
  /** Messages that are acknowledged in each run of a fault, at least. */
  messages: number;
}

const STORM_NODES = 2;
const MEASURES = ['storm', 'deploy', 'flaky-clients'] as const;
export type MeasureName = (typeof MEASURES)[number];

const BROKERS = ['postgres', 'redis'] as const satisfies readonly BrokerKind[];

export const USAGE = `Breaks nodes, databases and connections under people who chat, and counts what became of their messages.

  npm run chaos -- [--hours N | --minutes N] [--only NAME] [--seed N] [--nodes N] [--messages N] [--broker postgres|redis]

  npm run chaos -- --measure storm|deploy|flaky-clients [--clients N] [--seed N] [--nodes N] [--broker postgres|redis]

Without a time, each fault strikes once. The exit code tells whether every promise was kept.`;

/** Tells what is wrong with the command line, and what may stand there. */
export class UsageError extends Error {
  constructor(problem: string) {
    super(`${problem}\n\n${USAGE}`);
  }
}

/**
 * Null if all that is wanted is to know what may stand there.
 *
 * @throws UsageError
 */
export function readOptions(args: readonly string[]): RunnerOptions | null {
  const values = parse(args);
  if (values.help) return null;
  const measure = oneOf(MEASURES, 'measure', values.measure);
  const nodes = count('nodes', values.nodes) ?? 2;
  if (measure === 'storm' && nodes < STORM_NODES)
    throw new UsageError(
      `--measure storm needs ${STORM_NODES} --nodes: one is killed, and all dial another.`,
    );
  const minutes = number('minutes', values.minutes) ?? (number('hours', values.hours) ?? 0) * 60;
  return {
    durationMs: minutes > 0 ? minutes * 60_000 : null,
    only: values.only ?? null,
    seed: count('seed', values.seed) ?? randomInt(1, 2 ** 31),
    nodes,
    broker: oneOf(BROKERS, 'broker', values.broker),
    measure,
    clients: count('clients', values.clients) ?? 2000,
    messages: count('messages', values.messages) ?? 2000,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        hours: text,
        minutes: text,
        only: text,
        seed: text,
        nodes: text,
        messages: text,
        broker: text,
        measure: text,
        clients: text,
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function oneOf<T extends string>(known: readonly T[], name: string, value: string | undefined): T | null {
  const found = known.find((candidate) => candidate === value) ?? null;
  if (value !== undefined && found === null)
    throw new UsageError(`--${name} must be one of ${known.join(', ')}.`);
  return found;
}

function count(name: string, value: string | undefined): number | null {
  const parsed = number(name, value);
  if (parsed !== null && !Number.isInteger(parsed)) throw new UsageError(`--${name} must be a whole number.`);
  return parsed;
}

function number(name: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  const parsed = Number(value);
  if (!(parsed > 0)) throw new UsageError(`--${name} must be a number above 0.`);
  return parsed;
}
