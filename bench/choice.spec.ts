import { choose } from './choice';
import { type BenchOptions, UsageError } from './options';

const ALL: Parameters<typeof choose>[0] = { only: null, group: 'peers', contestants: null, quick: false };

/** Who takes part in which scenario. */
function chosen(choice: Partial<BenchOptions>): string[] {
  return choose({ ...ALL, ...choice }).flatMap(({ scenario, contestants }) =>
    contestants.map(({ name }) => `${scenario.name}: ${name}`),
  );
}

describe('A run', () => {
  it('is of one group, or of the scenarios that are named, whatever their group', () => {
    expect(chosen({ group: 'soak' })).toEqual(['soak: Simple Chat']);
    expect(chosen({ only: ['soak', 'history'] })).toEqual(['history: Simple Chat', 'soak: Simple Chat']);
  });

  it('is of those servers whose names contain a part, in the scenarios that they take part in', () => {
    expect(chosen({ only: ['history', 'big-room'], contestants: ['plain'] })).toEqual(['big-room: plain ws']);
  });

  it('is of fewer servers when it is quick, unless they are named', () => {
    const only = ['idle'];

    expect(chosen({ only, quick: true })).toEqual(['idle: Simple Chat', 'idle: plain ws']);
    expect(chosen({ only, quick: true, contestants: ['socket'] })).toEqual(['idle: Socket.IO, INSERT each']);
  });

  it.each([
    [{ only: ['idle', 'nonsense'] }, '--only: there is no "nonsense", but there are: busy-room-10; '],
    [{ group: 'peer' }, '--scenario: there is no "peer", but there are: peers; cost; soak'],
    [
      { only: ['big-room'], contestants: ['plain', 'fast'] },
      '--contestants: there is no "fast", but there are: Simple Chat; plain ws',
    ],
    [{ contestants: [''] }, '--contestants: there is no ""'],
  ])('is refused for a name that nothing has, with those that there are: %j', (choice, problem) => {
    expect(() => chosen(choice)).toThrow(UsageError);
    expect(() => chosen(choice)).toThrow(problem);
  });
});
