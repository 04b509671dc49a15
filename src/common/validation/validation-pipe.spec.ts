import { ValidationPipe } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import { ChatError } from '../chat-error';
import { IdPipe } from './id.pipe';
import { IsCanonicalInteger } from './is-canonical-integer';
import { ID_MAX, IsId } from './is-id';
import { IsText } from './is-text';
import { createValidationPipe } from './validation-pipe';

class Item {
  @IsId()
  id: number;
}

class Body {
  @IsText({ min: 1, max: 5, trim: true })
  text: string;

  @IsOptional()
  @IsId({ max: 10 })
  id?: number;

  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => Item)
  items?: Item[];
}

class Query {
  @IsOptional()
  @IsCanonicalInteger({ min: 1, max: 100 })
  limit?: number;
}

const pipe = createValidationPipe();

function read<T>(metatype: new () => T, value: unknown, type: 'body' | 'query' = 'body'): Promise<T> {
  return pipe.transform(value, { type, metatype }) as Promise<T>;
}

async function refusedFields(metatype: new () => object, value: unknown): Promise<string[]> {
  const error: unknown = await read(metatype, value).catch((e: unknown) => e);
  if (!(error instanceof ChatError)) throw new Error('it was accepted');
  expect(error.code).toBe('validation_failed');
  return (error.details.fields ?? []).map(({ field }) => field);
}

describe('the validation pipe', () => {
  it('gives an instance of the DTO with the text trimmed', async () => {
    const body = await read(Body, { text: '  hi ', id: 3 });

    expect(body).toBeInstanceOf(Body);
    expect(body).toEqual({ text: 'hi', id: 3 });
  });

  it('names every bad field, the nested ones by path, and no value', async () => {
    const error = (await read(Body, {
      text: 'secret text',
      id: 'secret id',
      items: [{ id: 1 }, { id: -7 }],
      role: 'secret role',
    }).catch((e: unknown) => e)) as ChatError;

    expect(error.details.fields?.map(({ field }) => field).sort()).toEqual([
      'id',
      'items.1.id',
      'role',
      'text',
    ]);
    expect(JSON.stringify(error.details)).not.toMatch(/secret|-7/);
  });

  it.each([
    ['nothing', undefined, ['text']],
    ['an empty object', {}, ['text']],
    ['an array', [], ['text']],
    ['a number', 5, ['text']],
    ['a string', 'text', ['text']],
    ['null', null, ['text']],
    ['a NUL', { text: 'a\0b' }, ['text']],
    ['a lone surrogate', { text: 'a\ud83d' }, ['text']],
    ['only white space', { text: ' \n ' }, ['text']],
    ['too many code points', { text: '123456' }, ['text']],
    ['an object for text', { text: { toString: 'x' } }, ['text']],
    ['an array for text', { text: ['a'] }, ['text']],
    ['an id of zero', { text: 'a', id: 0 }, ['id']],
    ['an id as text', { text: 'a', id: '1' }, ['id']],
    ['a fraction for an id', { text: 'a', id: 1.5 }, ['id']],
    ['an id above its bound', { text: 'a', id: 11 }, ['id']],
    ['an unknown field', { text: 'a', is_admin: true }, ['is_admin']],
  ])('refuses %s', async (_, value, expected) => {
    await expect(refusedFields(Body, value)).resolves.toEqual(expected);
  });

  it('counts code points, not UTF-16 units', async () => {
    await expect(read(Body, { text: '😀😀😀😀😀' })).resolves.toEqual({ text: '😀😀😀😀😀' });
  });

  it.each([
    ['__proto__', '{"text":"a","__proto__":{"polluted":true}}'],
    ['constructor', '{"text":"a","constructor":{"prototype":{"polluted":true}}}'],
    ['toString', '{"text":"a","toString":null}'],
    ['hasOwnProperty', '{"text":"a","hasOwnProperty":1}'],
  ])('refuses a field named %s like any that is unknown, and lets it touch nothing', async (field, json) => {
    await expect(refusedFields(Body, JSON.parse(json))).resolves.toEqual([field]);

    expect('polluted' in {}).toBe(false);
  });

  it('refuses fifty thousand brackets without running out of stack', async () => {
    const deep: unknown = JSON.parse('{"text":' + '['.repeat(50_000) + ']'.repeat(50_000) + '}');

    await expect(refusedFields(Body, deep)).resolves.toEqual(['']);
  });

  it('answers hundreds of unknown fields with a bounded list', async () => {
    const wide = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`f${i}`, i]));

    expect((await refusedFields(Body, wide)).length).toBeLessThanOrEqual(100);
  });

  it.each([
    ['unknown fields', Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`f${i}`, i]))],
    ['objects', Array.from({ length: 33_000 }, () => ({}))],
    ['objects in a field', { text: Array.from({ length: 33_000 }, () => ({})) }],
    ['objects within each other', Array.from({ length: 200 }, () => ({ a: { b: 1 } }))],
  ])('refuses thousands of %s as a whole, without a look at each', async (_, wide) => {
    const validated = jest.spyOn(ValidationPipe.prototype, 'transform');

    await expect(refusedFields(Body, wide)).resolves.toEqual(['']);

    expect(validated).not.toHaveBeenCalled();
    validated.mockRestore();
  });

  it('turns a canonical integer in a query into a number', async () => {
    await expect(read(Query, { limit: '50' }, 'query')).resolves.toEqual({ limit: 50 });
    await expect(read(Query, {}, 'query')).resolves.toEqual({});
  });

  it.each(['', ' 5', '05', '+5', '5.0', '1e1', '0x5', '101', '0', '-1', '5_0', '٥', ['5', '6']])(
    'refuses %j as a limit',
    async (limit) => {
      await expect(refusedFields(Query, { limit })).resolves.toEqual(['limit']);
    },
  );

  it.each(['01', '0x1', '1e0', ' 1'])('hands the parameter %j on as it came', async (text) => {
    const parameter = pipe.transform(text, { type: 'param', data: 'id', metatype: Number });

    await expect(parameter).resolves.toBe(text);
  });
});

describe('IdPipe', () => {
  const metadata = { type: 'param', data: 'room_id' } as const;

  it('gives the number of a canonical id within its bound', () => {
    expect(new IdPipe().transform('2147483647', metadata)).toBe(2147483647);
    expect(new IdPipe(ID_MAX).transform('9007199254740991', metadata)).toBe(9007199254740991);
  });

  it.each(['0', '-1', '01', '1.0', 'abc', '', '2147483648', '1e3', '%31'])(
    'refuses %j, naming the parameter',
    (text) => {
      expect(() => new IdPipe().transform(text, metadata)).toThrow(
        expect.objectContaining({
          code: 'validation_failed',
          details: { fields: [{ field: 'room_id', message: 'must be an integer from 1 to 2147483647' }] },
        }),
      );
    },
  );
});
