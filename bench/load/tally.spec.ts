import { Tally, untilLast } from './tally';

/** A tally of messages due in the first second: `[due, received]` each. */
function aTally(...deliveries: [number, number][]): Tally {
  const tally = new Tally();
  tally.open(0, 1e6, true);
  for (const [due, at] of deliveries) tally.count(due, at);
  return tally;
}

describe('The latencies until the last receiver', () => {
  it('are those of the last of all fleets', () => {
    const here = aTally([10, 12], [10, 15], [20, 29]);
    const there = aTally([10, 17], [20, 21]);

    const latencies = untilLast([here.lasts(), there.lasts()]);

    expect(latencies.count).toBe(2);
    expect(latencies.quantileMs(0.5)).toBe(0.007);
    expect(latencies.quantileMs(1)).toBe(0.009);
  });

  it('leave out a message that was in the window of one fleet only', () => {
    const here = aTally([10, 12]);
    const there = aTally([10, 13], [20, 21]);

    expect(untilLast([here.lasts(), there.lasts()]).count).toBe(1);
    expect(untilLast([there.lasts(), here.lasts()]).count).toBe(1);
  });

  it('are none where nothing was followed', () => {
    expect(untilLast([new Tally().lasts()]).count).toBe(0);
  });
});
