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

const MEASURES = ['storm', 'deploy', 'flaky-clients'] as const;
export type MeasureName = (typeof MEASURES)[number];

export const USAGE = `Breaks nodes, databases and connections under people who chat, and counts what became of their messages.

  npm run chaos -- [--hours N | --minutes N] [--only NAME] [--seed N] [--nodes N] [--messages N] [--broker postgres|redis]

  npm run chaos -- --measure storm|deploy|flaky-clients [--clients N] [--seed N] [--broker postgres|redis]

Without a time, each fault strikes once. The exit code tells whether every promise was kept.`;

export function readOptions(args: readonly string[]): RunnerOptions | null {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
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
  });
  if (values.help) return null;
  const measure = MEASURES.find((name) => name === values.measure) ?? null;
  if (values.measure !== undefined && measure === null)
    throw new Error(`--measure must be one of ${MEASURES.join(', ')}.`);
  const minutes = number('minutes', values.minutes) ?? (number('hours', values.hours) ?? 0) * 60;
  return {
    durationMs: minutes > 0 ? minutes * 60_000 : null,
    only: values.only ?? null,
    seed: number('seed', values.seed) ?? randomInt(2 ** 31),
    nodes: number('nodes', values.nodes) ?? 2,
    broker: brokerOf(values.broker),
    measure,
    clients: number('clients', values.clients) ?? 2000,
    messages: number('messages', values.messages) ?? 2000,
  };
}

function brokerOf(value: string | undefined): BrokerKind | null {
  if (value === undefined || value === 'postgres' || value === 'redis') return value ?? null;
  throw new Error('--broker must be postgres or redis.');
}

function number(name: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  const parsed = Number(value);
  if (!(parsed > 0)) throw new Error(`--${name} must be a number above 0.`);
  return parsed;
}
