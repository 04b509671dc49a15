import fc from 'fast-check';
import { DeliveryStage, type Fate, type Start } from '../../test/support/delivery-stage';
import { settled } from '../../test/support/turns';

const CLIENTS = 3;
const RUNS = 300;
/** Takes two seconds, unless it fails and looks for the shortest way to fail. */
const TIMEOUT_MS = 120_000;
type Step = (stage: DeliveryStage) => void | Promise<void>;

const room = fc.constantFrom(1, 2);
const client = fc.nat(CLIENTS - 1);
const pick = fc.nat(10_000);
const fate = fc.constantFrom<Fate>('arrives', 'arrives twice', 'arrives backwards', 'is late', 'is lost');
const start = fc.oneof(
  fc.constantFrom<Start>('newest', 'own position', 'beyond'),
  fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }) }),
);

/** A step that prints as what it does. */
function step<Args extends unknown[]>(
  name: string,
  args: fc.Arbitrary<Args>,
  run: (stage: DeliveryStage, ...args: Args) => void | Promise<void>,
): fc.Arbitrary<Step> {
  return args.map((values) =>
    Object.assign((stage: DeliveryStage) => run(stage, ...values), {
      [fc.toStringMethod]: () => `${name}(${values.map((value) => JSON.stringify(value)).join(', ')})`,
    }),
  );
}

const steps = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: step(
        'commit',
        fc.tuple(room, fc.array(pick, { minLength: 1, maxLength: 5 }), fate),
        (stage, ...args) => stage.commit(...args),
      ),
    },
    {
      // More than the feed reads, or the newest page holds, in one go.
      weight: 1,
      arbitrary: step(
        'burst',
        fc.tuple(room, fc.array(pick, { minLength: 101, maxLength: 230 }), fate),
        (stage, ...args) => stage.commit(...args),
      ),
    },
    {
      weight: 4,
      arbitrary: step(
        'deliver',
        fc.tuple(pick, fc.integer({ min: 1, max: 6 }), fc.boolean()),
        (stage, ...args) => stage.deliver(...args),
      ),
    },
    {
      weight: 10,
      arbitrary: step(
        'answerRead',
        fc.tuple(pick, fc.constantFrom('look', 'answer', 'answer', 'fail')),
        (stage, ...args) => stage.answerRead(...args),
      ),
    },
    {
      weight: 5,
      arbitrary: step('join', fc.tuple(client, room, start), (stage, ...args) => stage.join(...args)),
    },
    {
      weight: 1,
      arbitrary: step('leave', fc.tuple(client, room), (stage, ...args) => stage.leave(...args)),
    },
    {
      weight: 1,
      arbitrary: step('reconnect', fc.tuple(client), (stage, ...args) => stage.reconnect(...args)),
    },
    {
      weight: 2,
      arbitrary: step('stopTaking', fc.tuple(client), (stage, ...args) => stage.stopTaking(...args)),
    },
    {
      weight: 3,
      arbitrary: step('startTaking', fc.tuple(client), (stage, ...args) => stage.startTaking(...args)),
    },
    {
      weight: 1,
      arbitrary: step('doubt', fc.tuple(room), (stage, ...args) => stage.doubt(...args)),
    },
    {
      weight: 2,
      arbitrary: step('pass', fc.tuple(fc.constantFrom(50, 500, 1000, 2000, 10_000)), (stage, ms) =>
        stage.pass(ms),
      ),
    },
    {
      weight: 4,
      arbitrary: step('ticks', fc.tuple(fc.integer({ min: 1, max: 8 })), async (_, ticks) => {
        for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
      }),
    },
    { weight: 6, arbitrary: step('settled', fc.constant([] as []), () => settled()) },
  ),
  { minLength: 5, maxLength: 80, size: 'max' },
);

const options = fc.record({
  pageSize: fc.integer({ min: 1, max: 5 }),
  changesPageSize: fc.integer({ min: 1, max: 4 }),
  resumeMaxChanges: fc.integer({ min: 2, max: 10 }),
});

describe('delivery', () => {
  it(
    'obeys the contract and ends with the whole log, whatever is lost, late, doubled, refused or slow',
    async () => {
      const property = fc.asyncProperty(options, steps, async (feedsOptions, script) => {
        const stage = new DeliveryStage(feedsOptions, CLIENTS);
        for (const run of script) await run(stage);

        await stage.heal();

        for (const { known, truth } of stage.outcome()) expect(known).toEqual(truth);
      });
      await fc.assert(property, { seed: jest.getSeed(), numRuns: RUNS });
    },
    TIMEOUT_MS,
  );
});
