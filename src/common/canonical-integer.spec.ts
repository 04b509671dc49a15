import { INT4_MAX, parseCanonicalInteger } from './canonical-integer';

const IDS = { min: 1, max: INT4_MAX };

describe('parseCanonicalInteger', () => {
  it.each([
    ['1', 1],
    ['50', 50],
    ['2147483647', INT4_MAX],
  ])('reads %j', (text, value) => {
    expect(parseCanonicalInteger(text, IDS)).toBe(value);
  });

  it.each(['', ' 5 ', '5\n', '0x10', '1e3', '05', '+5', '5.0', '٥', '1_000', 'NaN', 'Infinity', '-0'])(
    'refuses %j, which is not the canonical way to write an integer',
    (text) => {
      expect(parseCanonicalInteger(text, { min: -10, max: 5000 })).toBeNull();
    },
  );

  it.each(['0', '-1', '2147483648', '9'.repeat(400)])('refuses %s, which is out of range', (text) => {
    expect(parseCanonicalInteger(text, IDS)).toBeNull();
  });

  it('refuses what a double cannot hold exactly', () => {
    expect(parseCanonicalInteger('9007199254740993', { min: 0, max: Number.MAX_VALUE })).toBeNull();
  });
});
