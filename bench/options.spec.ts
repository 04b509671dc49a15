import { isWhole, readOptions, UsageError } from './options';

function optionsOf(...args: string[]) {
  return readOptions(args)!;
}

describe('The options of a run', () => {
  it('are three repeats of all by default, and one in a quick run', () => {
    expect(optionsOf()).toMatchObject({ group: 'peers', only: null, repeats: 3, generators: 1 });
    expect(optionsOf('--quick').repeats).toBe(1);
  });

  it('are none where help is wanted', () => {
    expect(readOptions(['--help'])).toBeNull();
  });

  it.each([['--bogus'], ['--repeats', '0'], ['--generators', '1.5'], ['--minutes', 'x'], ['a']])(
    'are not %s %s',
    (...args) => {
      expect(() => readOptions(args)).toThrow(UsageError);
    },
  );
});

describe('The figures of a run', () => {
  it.each([[], ['--scenario', 'cost'], ['--repeats', '3']])('are kept of a whole one: %s %s', (...args) => {
    expect(isWhole(optionsOf(...args))).toBe(true);
  });

  it.each([
    ['--quick'],
    ['--only', 'idle'],
    ['--contestants', 'plain'],
    ['--repeats', '1'],
    ['--generators', '2'],
    ['--statements'],
    ['--cpu-prof', 'profiles'],
  ])('are not kept of one that is measured otherwise: %s %s', (...args) => {
    expect(isWhole(optionsOf(...args))).toBe(false);
  });
});
