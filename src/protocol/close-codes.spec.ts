import { CLOSE_CODES, CloseCode } from './close-codes';

describe('CLOSE_CODES', () => {
  it('tells of every code that a socket may end with, once, in their order', () => {
    const all = Object.values(CloseCode).filter((code) => typeof code === 'number');

    expect(CLOSE_CODES.map(({ code }) => code)).toEqual(all);
  });
});
