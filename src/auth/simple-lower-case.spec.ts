import { simpleLowerCase } from './simple-lower-case';

describe('simpleLowerCase', () => {
  it.each([
    ['Ada@Example.ORG', 'ada@example.org'],
    ['mİmi', 'mimi'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['𐐀 ÄẞǄ', '𐐨 äßǆ'],
    ['', ''],
  ])('writes %j as %j', (text, lower) => {
    expect(simpleLowerCase(text)).toBe(lower);
  });
});
