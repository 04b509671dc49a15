import { ManualClock } from '../../test/support/manual-clock';
import { PacedFaults } from './paced-faults';

describe('PacedFaults', () => {
  let clock: ManualClock;
  let told: string[];
  let faults: PacedFaults;

  beforeEach(() => {
    clock = new ManualClock();
    told = [];
    faults = new PacedFaults(clock, {
      isExpected: (error) => (error as Error).message === 'out of reach',
      tell: (fault) => told.push((fault as Error).message),
    });
  });

  const meet = (...faultsMet: string[]) => faultsMet.forEach((message) => faults.meet(new Error(message)));

  it('tells of each fault once a minute', () => {
    meet('a bug', 'a bug', 'another', 'a bug');
    clock.advance(59_999);
    meet('a bug');
    const early = [...told];

    clock.advance(1);
    meet('a bug', 'a bug');

    expect(early).toEqual(['a bug', 'another']);
    expect(told).toEqual(['a bug', 'another', 'a bug']);
  });

  it('says nothing of what is expected', () => {
    meet('out of reach', 'a bug');

    expect(told).toEqual(['a bug']);
  });

  it('tells of twenty a minute, however different they are', () => {
    meet(...Array.from({ length: 30 }, (_, index) => `bug ${index}`));

    expect(told).toHaveLength(20);
  });
});
