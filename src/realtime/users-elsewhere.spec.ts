import { type PresenceNews, UsersElsewhere } from './users-elsewhere';

const HALF: PresenceNews = { type: 'list', rev: 2, part: 0, parts: 2, users: [[7, 'x']] };
const REST: PresenceNews = { type: 'list', rev: 2, part: 1, parts: 2, users: [[8, 'y']] };

describe('UsersElsewhere', () => {
  let users: UsersElsewhere;

  beforeEach(() => {
    users = new UsersElsewhere(10);
  });

  it('finds silent also a node that vanished in the middle of its first list', () => {
    users.hear('a', HALF, 1000);

    expect(users.silentSince(999)).toEqual([]);
    expect(users.silentSince(1000)).toEqual(['a']);
    users.forget('a');
    expect(users.silentSince(1000)).toEqual([]);
    users.hear('a', REST, 2000);
    expect(users.listedBy('a')).toEqual([]);
  });

  it('does not take a node for silent that confirms what is known while a list is incomplete', () => {
    users.hear('a', { type: 'count', rev: 1, count: 3 }, 0);
    users.hear('a', HALF, 1000);
    users.confirm('a', 1, 3000);

    expect(users.silentSince(2000)).toEqual([]);
  });
});
