import { ManualClock } from '../../test/support/manual-clock';
import { Renewals } from './renewals';

describe('Renewals', () => {
  it('run what comes due within 250 ms together, once', () => {
    const clock = new ManualClock();
    const renewals = new Renewals(clock);
    const [first, second, later] = [jest.fn(async () => 1), jest.fn(async () => 2), jest.fn(async () => 3)];
    const calls = () => [first, second, later].map((renew) => renew.mock.calls.length);
    renewals.add(first);
    clock.advance(249);
    renewals.add(second);
    const before = calls();

    clock.advance(1);
    const together = calls();
    renewals.add(later);
    clock.advance(1000);

    expect([before, together, calls()]).toEqual([
      [0, 0, 0],
      [1, 1, 0],
      [1, 1, 1],
    ]);
  });

  it('let one that fails concern none of the others', async () => {
    const clock = new ManualClock();
    const renewals = new Renewals(clock);
    const other = jest.fn(async () => 1);
    renewals.add(() => Promise.reject(new Error('gone')));
    renewals.add(other);

    clock.advance(250);
    await new Promise(setImmediate);

    expect(other).toHaveBeenCalledTimes(1);
  });
});
