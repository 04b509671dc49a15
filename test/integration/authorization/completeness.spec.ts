import { gaps } from './completeness';
import { everywhere, expected } from './row';

const SERVED = ['GET /rooms/{id}', 'PATCH /rooms/{id}', 'typing'];

describe('The completeness of the matrix', () => {
  it('is given when everything has a row, be it several', () => {
    expect(gaps(SERVED, [...SERVED, 'typing'])).toEqual({ withoutRow: [], notServed: [] });
  });

  it.each(SERVED)('misses the row that %s has lost', (planted) => {
    const rows = SERVED.filter((name) => name !== planted);

    expect(gaps(SERVED, rows)).toEqual({ withoutRow: [planted], notServed: [] });
  });

  it('finds a row about what is not served', () => {
    expect(gaps(SERVED, [...SERVED, 'POST /rooms/{id}/burn'])).toEqual({
      withoutRow: [],
      notServed: ['POST /rooms/{id}/burn'],
    });
  });
});

describe('A row of the matrix', () => {
  it('says what everybody gets in every kind of room, where nothing else is said nobody anything', () => {
    const table = expected({
      public: '200 200 banned 201* 200 200 forbidden',
      private: '- - - 201* 200 200 -',
      direct: '- - - 201* - - -',
    });

    expect(table.public).toEqual({
      anonymous: 'authentication_required',
      deactivated: 'session_revoked',
      stranger: '200',
      removed: '200',
      banned: 'banned',
      member: '201*',
      moderator: '200',
      owner: '200',
      admin: 'forbidden',
    });
    expect(table.private).toMatchObject({ stranger: 'room_not_found', member: '201*' });
    expect(table.archived).toEqual(table.absent);
    expect(table['archived private']).toMatchObject({ member: 'room_not_found', owner: 'room_not_found' });
  });

  it.each([
    ['too few words', '200 200 200'],
    ['a code that does not exist', '200 200 bannned 200 200 200 200'],
    ['a status that is none of success', '200 200 403 200 200 200 200'],
  ])('is refused for %s', (_, columns) => {
    expect(() => expected(everywhere(columns))).toThrow();
  });
});
