import { formatSearchPosition, parseSearchPosition } from './search-position';

const TIME = '2026-01-01T09:20:00.000Z';

describe('A position in a search', () => {
  it('comes back from its text', () => {
    const position = { time: TIME, roomId: 1, messageId: 42 };

    expect(formatSearchPosition(position)).toBe(`${TIME}~1~42`);
    expect(parseSearchPosition(formatSearchPosition(position))).toEqual(position);
  });

  it.each([TIME, '2026-01-01T09:20:00Z', '2026-01-01T09:20:00.0Z'])(
    'may be a time alone, before all messages of that time: %s',
    (time) => {
      expect(parseSearchPosition(time)).toEqual({ time: TIME, roomId: 0, messageId: 0 });
    },
  );

  it.each(['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'])(
    'may be as early or late as a time can be stored and told: %s',
    (time) => {
      expect(parseSearchPosition(`${time}~1~42`)).toEqual({ time, roomId: 1, messageId: 42 });
    },
  );

  it.each([
    '',
    'yesterday',
    '2026-01-01',
    '2026-01-01T09:20:00',
    '2026-01-01T09:20:00+01:00',
    '2026-02-30T00:00:00Z',
    '2026-01-01T25:00:00Z',
    '0000-01-01T00:00:00.000Z',
    '0000-12-31T23:59:59.999Z~1~42',
    '9999-12-31T24:00:00Z',
    '10000-01-01T00:00:00Z',
    `${TIME}~`,
    `${TIME}~1`,
    `${TIME}~1~`,
    `${TIME}~0~1`,
    `${TIME}~01~1`,
    `${TIME}~1~1~1`,
    `${TIME}~2147483648~1`,
    `${TIME}~1~9007199254740992`,
    `${TIME}~1~1;DROP TABLE messages`,
  ])('is not %j', (text) => {
    expect(parseSearchPosition(text)).toBeNull();
  });
});
