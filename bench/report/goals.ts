import { bunPublish, plainWs, usualNest } from '../contestants/peers';
import { SUBJECT } from '../contestants/simple-chat';
import type { ScenarioResults } from './results';

/** What the product wants to reach. */
interface Goal {
  scenario: string;
  text: string;
  /** The figure that decides; NaN if it was not measured. */
  value: (results: ScenarioResults) => number;
  isMet: (value: number) => boolean;
}

const atLeast = (limit: number) => (value: number) => value >= limit;
const atMost = (limit: number) => (value: number) => value <= limit;

/** Our figure over a peer's. */
const over = (peer: string, metric: string) => (results: ScenarioResults) =>
  results.median(SUBJECT, metric) / results.median(peer, metric);
const ours = (metric: string) => (results: ScenarioResults) => results.median(SUBJECT, metric);
const share = (metric: string, of: string) => (results: ScenarioResults) =>
  results.median(SUBJECT, metric) / results.median(SUBJECT, of);

/** With the whole contract kept: tokens, guards, validation, rate limits, order, acknowledgements. */
const GOALS: readonly Goal[] = [
  {
    scenario: 'busy-room-10',
    text: 'busy room, 10 senders: at least 8 × plain ws',
    value: over(plainWs.name, 'perSecond'),
    isMet: atLeast(8),
  },
  {
    scenario: 'busy-room-10',
    text: 'busy room, 10 senders: at least 30 × the usual Nest gateway',
    value: over(usualNest.name, 'perSecond'),
    isMet: atLeast(30),
  },
  {
    scenario: 'busy-room-10',
    text: 'busy room, 10 senders: at least 0.4 × Bun’s publish',
    value: over(bunPublish.name, 'perSecond'),
    isMet: atLeast(0.4),
  },
  {
    scenario: 'busy-room-10',
    text: 'busy room, 10 senders: at most 60 µs of CPU per message and 1 µs per recipient',
    value: ours('cpuMicros'),
    isMet: atMost(160),
  },
  {
    scenario: 'busy-room-1',
    text: 'busy room, 1 sender: at least 3 × plain ws',
    value: over(plainWs.name, 'perSecond'),
    isMet: atLeast(3),
  },
  {
    scenario: 'many-rooms',
    text: 'many rooms: at least 1.5 × plain ws',
    value: over(plainWs.name, 'perSecond'),
    isMet: atLeast(1.5),
  },
  {
    scenario: 'many-rooms',
    text: 'many rooms: at least 12 × the usual Nest gateway',
    value: over(usualNest.name, 'perSecond'),
    isMet: atLeast(12),
  },
  {
    scenario: 'big-room',
    text: 'room of 5000: p99 of delivery to all at most that of plain ws',
    value: over(plainWs.name, 'lastP99'),
    isMet: atMost(1),
  },
  {
    scenario: 'idle',
    text: 'idle connections: at most 1.3 × plain ws in memory each',
    value: over(plainWs.name, 'kibEach'),
    isMet: atMost(1.3),
  },
  {
    scenario: 'idle',
    text: 'idle connections: at most 2 % of a core',
    value: ours('cpuPercent'),
    isMet: atMost(2),
  },
  {
    scenario: 'idle',
    text: 'connecting: at least 0.5 × plain ws',
    value: over(plainWs.name, 'perSecond'),
    isMet: atLeast(0.5),
  },
  {
    scenario: 'history',
    text: 'history: at least 4,000 newest pages a second',
    value: ours('newest'),
    isMet: atLeast(4000),
  },
  {
    scenario: 'history',
    text: 'history: deep pages at least 0.7 × newest',
    value: share('deep', 'newest'),
    isMet: atLeast(0.7),
  },
  {
    scenario: 'history',
    text: 'history: at least 0.7 × 4,000 deep pages a second',
    value: ours('deep'),
    isMet: atLeast(2800),
  },
  {
    scenario: 'reconnect-storm',
    text: 'reconnect storm: all caught up within 15 s',
    value: ours('seconds'),
    isMet: atMost(15),
  },
  {
    scenario: 'reconnect-storm',
    text: 'reconnect storm: at most 50 queries of messages',
    value: ours('queries'),
    isMet: atMost(50),
  },
  {
    scenario: 'login-storm',
    text: 'login storm: chat p99 at most twice its quiet value',
    value: share('stormP99', 'quietP99'),
    isMet: atMost(2),
  },
  {
    scenario: 'login-storm',
    text: 'login storm: p99 of the event loop’s delay below 50 ms',
    value: ours('loopP99'),
    isMet: (value) => value < 50,
  },
  {
    scenario: 'soak',
    text: 'memory flat over an hour at half load: grows by at most 5 %',
    value: ours('growthPercent'),
    isMet: atMost(5),
  },
];

/** A goal that the run could decide. */
export interface DecidedGoal {
  text: string;
  value: number;
  isMet: boolean;
}

export function decideGoals(all: readonly ScenarioResults[]): DecidedGoal[] {
  return GOALS.flatMap(({ scenario, text, value, isMet }) => {
    const results = all.find((candidate) => candidate.scenario.name === scenario);
    const found = results ? value(results) : NaN;
    return Number.isNaN(found) ? [] : [{ text, value: found, isMet: isMet(found) }];
  });
}
