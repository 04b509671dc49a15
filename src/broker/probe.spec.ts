import { ManualClock } from '../../test/support/manual-clock';
import { Probe } from './probe';

describe('Probe', () => {
  let clock: ManualClock;
  let probe: Probe;
  let sent: number;
  let deaf: number;
  let states: boolean[];

  beforeEach(() => {
    clock = new ManualClock();
    [sent, deaf, states] = [0, 0, []];
    probe = new Probe(clock, {
      send: () => sent++,
      changed: (isUp) => states.push(isUp),
      deaf: () => deaf++,
    });
    probe.start();
    probe.renew();
  });

  it('believes nothing before the first echo', () => {
    expect([probe.isUp, sent]).toEqual([false, 1]);

    probe.echoed();

    expect([probe.isUp, states]).toEqual([true, [true]]);
  });

  it('finds within ten seconds that nothing comes back, and asks for another subscription', () => {
    probe.echoed();

    clock.advance(10_000);

    expect([probe.isUp, states, deaf]).toEqual([false, [true, false], 1]);
  });

  it('goes on as long as something comes back, be it late', () => {
    probe.echoed();

    for (let n = 0; n < 20; n++) {
      clock.advance(5000);
      probe.echoed();
    }

    expect([states, deaf]).toEqual([[true], 0]);
  });

  it('gives a new subscription all its probes', () => {
    clock.advance(4000);
    probe.renew();
    clock.advance(4000);

    expect(deaf).toBe(0);
  });

  it('asks again and again while nothing comes back', () => {
    clock.advance(60_000);

    expect(deaf).toBeGreaterThan(5);
  });

  it('is down at once when the subscription is known to be gone, and up with the next echo', () => {
    probe.echoed();
    probe.lost();
    probe.lost();
    probe.echoed();

    expect(states).toEqual([true, false, true]);
  });

  it('sends no more once it is stopped', () => {
    probe.stop();

    clock.advance(60_000);

    expect(sent).toBe(1);
  });
});
