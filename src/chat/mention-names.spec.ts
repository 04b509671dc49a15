import fc from 'fast-check';
import { USERNAME_MAX_CHARS, USERNAME_PATTERN } from '../protocol/limits';
import { mentionedNames } from './mention-names';

const MAX = 50;
const first = (text: string) => mentionedNames(text, MAX).map(([name]) => name);

const nameText = fc.string({
  unit: fc.constantFrom(...'abcXYZ059_.-'),
  minLength: 3,
  maxLength: USERNAME_MAX_CHARS,
});
/** What may stand before an `@name`, and behind it. */
const before = fc.constantFrom('', ' ', '\n', '(', '"', '“', ',', '/', '*', '👋', '你好', 'ไทย');
const behind = fc.constantFrom('', ' ', '\n', ')', ', ', '!', '?', ':', '’s', '👋', 'さん', '/');
/** Texts with much of what matters. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom(...'@@@@abc_.- \n/é你👋+%://'), maxLength: 300 }),
);
const REPEATABLE = { seed: 20260101 };

describe('mentionedNames', () => {
  it.each([
    ['@ada', ['ada']],
    ['Hi @Ada and @BOB!', ['ada', 'bob']],
    ['(@ada)\n"@bob",@eve', ['ada', 'bob', 'eve']],
    ['@ada/@bob', ['ada', 'bob']],
    ['你好@ada你好', ['ada']],
    ['@a.b-c_d', ['a.b-c_d']],
    ['@ada @Ada @ADA', ['ada']],
    ['@room', ['room']],
  ])('finds in %j the names %j', (text, names) => {
    expect(first(text)).toEqual(names);
  });

  it.each([
    'ada@example.org',
    'ada.@example.org',
    'ada+chat@example.org',
    '100%@ada',
    'é@ada',
    'x_@ada',
    '@ada@example.org',
    '@@ada',
    '@adaé',
    '@ad',
    '@ ada',
    '@',
    `@${'a'.repeat(USERNAME_MAX_CHARS + 1)}`,
    'https://example.org/@ada',
    'see HTTP://example.org/a?b=@ada&c',
  ])('finds nobody in %j', (text) => {
    expect(mentionedNames(text, MAX)).toEqual([]);
  });

  it.each([
    ['Ask @ada.', ['ada.', 'ada']],
    ['Ask @ada...', ['ada...', 'ada..', 'ada.', 'ada']],
    ['@a.b-', ['a.b-', 'a.b']],
    ['@ad.', ['ad.']],
    [`@ada${'.'.repeat(31)}`, Array.from({ length: 30 }, (_, cut) => `ada${'.'.repeat(29 - cut)}`)],
  ])('reads in %j the names %j, the longest first', (text, readings) => {
    expect(mentionedNames(text, MAX)).toEqual([readings]);
  });

  it('finds whatever name stands between what is no part of it', () => {
    fc.assert(
      fc.property(before, nameText, behind, (start, name, end) => {
        expect(first(`${start}@${name}${end}`)).toEqual([name.toLowerCase()]);
      }),
      REPEATABLE,
    );
  });

  it('finds nobody behind a letter or digit of any script with spaces', () => {
    const inWord = fc.constantFrom(...'aZ09_éßжשع한ñ', 'e\u0301');
    fc.assert(
      fc.property(inWord, nameText, (letter, name) => {
        expect(mentionedNames(`${letter}@${name}`, MAX)).toEqual([]);
      }),
      REPEATABLE,
    );
  });

  it('gives of any text at most so many names as are asked for, each a possible one that stands there behind an @', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0, max: 5 }), (text, max) => {
        const names = mentionedNames(text, max);

        expect(names.length).toBeLessThanOrEqual(max);
        expect(new Set(names.map(([name]) => name)).size).toBe(names.length);
        for (const name of names.flat()) {
          expect(name).toMatch(USERNAME_PATTERN);
          expect(text.toLowerCase()).toContain(`@${name}`);
        }
      }),
      REPEATABLE,
    );
  });

  it.each([
    ['signs', '@'.repeat(100_000)],
    ['a name that never ends', `@${'a'.repeat(100_000)}`],
    ['points', `@ada${'.'.repeat(100_000)}é`],
    ['names', '@ada'.repeat(25_000)],
    ['different names', Array.from({ length: 10_000 }, (_, n) => `@user${n}`).join(' ')],
    ['letters', 'a'.repeat(100_000)],
    ['beginnings of links', 'http://'.repeat(15_000)],
    ['marks', `@ada${'\u0301'.repeat(100_000)}`],
  ])('ends on a hundred thousand %s, where looking back from each would take minutes', (_, text) => {
    expect(mentionedNames(text, MAX).length).toBeLessThanOrEqual(MAX);
  });
});
