import { IsInstant } from './is-instant';
import { createValidationPipe } from './validation-pipe';

class Body {
  @IsInstant()
  until: string;
}

function read(until: unknown): Promise<unknown> {
  return createValidationPipe().transform({ until }, { type: 'body', metatype: Body });
}

describe('IsInstant', () => {
  it.each([
    '2026-01-01T12:00:00Z',
    '2026-01-01T12:00:00.123456789Z',
    '2026-01-01T12:00:00+14:00',
    '2024-02-29T00:00:00-00:30',
    '0001-01-01T00:00:00Z',
    '0000-12-31T23:59:59-23:59',
    '9999-12-31T23:59:59.999Z',
    '9999-12-31T23:59:59+23:59',
  ])('takes %s', async (until) => {
    await expect(read(until)).resolves.toEqual({ until });
  });

  it.each([
    ['a day', '2026-01-01'],
    ['no offset', '2026-01-01T12:00:00'],
    ['no seconds', '2026-01-01T12:00Z'],
    ['a day that no calendar has', '2026-02-30T00:00:00Z'],
    ['an hour that no clock has', '2026-01-01T25:00:00Z'],
    ['five digits for a year', '10000-01-01T00:00:00Z'],
    ['a signed year', '+010000-01-01T00:00:00Z'],
    ['the year 10000 in UTC', '9999-12-31T23:59:59-23:59'],
    ['the year 10000 by a minute', '9999-12-31T23:59:00-00:01'],
    ['the end of the last day', '9999-12-31T24:00:00Z'],
    ['the year 0', '0000-06-01T00:00:00Z'],
    ['the year 0 in UTC', '0001-01-01T00:00:00+00:01'],
    ['the year -1 in UTC', '0000-01-01T00:00:00+23:59'],
    ['milliseconds', 1767268800000],
    ['null', null],
    ['an array', ['2026-01-01T12:00:00Z']],
  ])('refuses %s', async (_, until) => {
    await expect(read(until)).rejects.toMatchObject({
      code: 'validation_failed',
      details: { fields: [{ field: 'until', message: expect.stringContaining('ISO 8601') as string }] },
    });
  });
});
