import fc from 'fast-check';
import { Latencies } from './latencies';

function latenciesOf(micros: readonly number[]): Latencies {
  const latencies = new Latencies();
  for (const value of micros) latencies.add(value);
  return latencies;
}

const values = fc.array(fc.integer({ min: 0, max: 60_000_000 }), { minLength: 1, maxLength: 200 });

describe('Latencies', () => {
  it('gives each quantile within two per cent, and never below', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(0.5, 0.9, 0.99, 1), (micros, quantile) => {
        const exact = [...micros].sort((a, b) => a - b)[Math.ceil(micros.length * quantile) - 1]!;

        const found = latenciesOf(micros).quantileMs(quantile) * 1000;

        expect(found).toBeGreaterThanOrEqual(exact);
        expect(found).toBeLessThanOrEqual(exact * 1.02 + 1);
      }),
    );
  });

  it('counts together what was counted apart, also across a process boundary', () => {
    fc.assert(
      fc.property(values, values, (some, others) => {
        const apart = [latenciesOf(some), new Latencies(latenciesOf(others).toJSON())];

        expect(Latencies.merged(apart).toJSON()).toEqual(latenciesOf([...some, ...others]).toJSON());
      }),
    );
  });

  it('has no quantile of nothing', () => {
    expect(new Latencies().quantileMs(0.99)).toBeNaN();
  });

  it('takes half an hour for the longest there is', () => {
    expect(latenciesOf([1e12]).quantileMs(1) / 60_000).toBeCloseTo(35.8, 0);
  });

  it('forgets everything when it is cleared', () => {
    const latencies = latenciesOf([1, 2, 3]);

    latencies.clear();

    expect(latencies.count).toBe(0);
  });
});
