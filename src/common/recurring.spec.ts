import { Gate } from '../../test/support/gate';
import { ManualClock } from '../../test/support/manual-clock';
import { settled } from '../../test/support/turns';
import { Recurring } from './recurring';

describe('recurring work', () => {
  let clock: ManualClock;
  let gate: Gate;
  let failures: unknown[];
  let recurring: Recurring;

  beforeEach(() => {
    clock = new ManualClock();
    gate = new Gate();
    failures = [];
    recurring = new Recurring(
      clock,
      { intervalMs: 100, jitterMs: 40, retryMs: 10, random: () => 0.5 },
      () => gate.pass(() => undefined),
      (error) => failures.push(error),
    );
  });

  const advance = async (byMs: number) => {
    clock.advance(byMs);
    await settled();
  };

  it('is done an interval, and a part of the jitter, after it was done last', async () => {
    recurring.start();

    await advance(119);
    const early = gate.calls;
    await advance(1);
    await advance(119);
    const once = gate.calls;
    await advance(1);

    expect([early, once, gate.calls]).toEqual([0, 1, 2]);
  });

  it('waits for a slow run before the pause begins', async () => {
    gate.hold();
    recurring.start();
    await advance(1000);
    const during = gate.calls;

    gate.open();
    await settled();
    await advance(119);
    const pause = gate.calls;
    await advance(1);

    expect([during, pause, gate.calls]).toEqual([1, 1, 2]);
  });

  it('is tried again soon after a failure, and then at its pace', async () => {
    gate.failNext();
    recurring.start();

    await advance(120);
    await advance(10);
    const retried = gate.calls;
    await advance(119);
    const pause = gate.calls;
    await advance(1);

    expect(failures).toEqual([new Error('out of reach')]);
    expect([retried, pause, gate.calls]).toEqual([2, 2, 3]);
  });

  it('is done at once when it is hurried, and the pause begins anew', async () => {
    recurring.start();
    await advance(119);

    await recurring.hurry();
    await advance(119);
    const hurried = gate.calls;
    await advance(1);

    expect([hurried, gate.calls]).toEqual([1, 2]);
  });

  it('is done once more for all who hurry it during a run, which may not have seen what they mean', async () => {
    gate.hold();
    const first = recurring.hurry();
    const others = [recurring.hurry(), recurring.hurry()];

    gate.open();
    await Promise.all([first, ...others]);

    expect(gate.calls).toBe(2);
  });

  it('is over when it is stopped, also during a run', async () => {
    gate.hold();
    recurring.start();
    await advance(120);

    recurring.stop();
    gate.open();
    await settled();
    await advance(1000);
    await recurring.hurry();

    expect(gate.calls).toBe(1);
  });
});
