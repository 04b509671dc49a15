import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Type as DtoType } from '@nestjs/common';
import { Expose, plainToInstance, Transform, Type } from 'class-transformer';
import {
  getMetadataStorage,
  IsOptional,
  IsString,
  ValidateBy,
  ValidateNested,
  validate,
} from 'class-validator';
import fc from 'fast-check';
import { DtoRules } from './dto-rules';
import { IsId } from './is-id';
import { IsText } from './is-text';

const SOURCES = join(__dirname, '../..');

/** Every class with rules that a file for DTOs of the server exports. */
async function allDtos(): Promise<[string, DtoType<object>][]> {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('dto.ts'),
  );
  const modules = await Promise.all(
    files.map((file) => import(join(SOURCES, file)) as Promise<Record<string, unknown>>),
  );
  const exported = new Set(modules.flatMap((module) => Object.values(module)));
  return [...exported]
    .filter((value): value is DtoType<object> => typeof value === 'function')
    .filter((dto) => getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false).length > 0)
    .map((dto) => [dto.name, dto]);
}

/** What the two packages themselves make of an input: the DTO, or null if it is refused. */
async function judged(dto: DtoType<object>, input: object): Promise<object | null> {
  const instance = plainToInstance(dto, input);
  const errors = await validate(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
  });
  return errors.length === 0 ? instance : null;
}

const someText = fc.constantFrom(
  ...[
    '',
    ' ',
    'a',
    ' ada ',
    '@ada',
    'Ada.L-1_',
    'ada@example.com',
    'https://example.com/a.png',
    'eng',
    '👋',
    'a\0b',
  ],
  ...[
    '\ud83d',
    '5',
    '05',
    '101',
    '-1',
    '1e1',
    'true',
    'false',
    'user',
    'admin',
    'owner',
    'moderator',
    'member',
  ],
  ...['public', 'private', 'direct', 'open', 'dismissed', 'resolved', 'user_updated', 'message_deleted'],
  ...[
    '2026-01-01T12:00:00Z',
    '2026-02-30T00:00:00Z',
    'correct horse battery',
    'x'.repeat(65),
    'x'.repeat(5000),
  ],
);
const someNumber = fc.constantFrom(0, 1, 5, 50, 101, -1, 1.5, 2 ** 31, 2 ** 53, NaN, Infinity);
const someValue = fc.oneof(
  { weight: 6, arbitrary: someText },
  { weight: 3, arbitrary: someNumber },
  { weight: 2, arbitrary: fc.constantFrom(undefined, null, true, false) },
);

/** Objects with fields of the DTO, now and then one that it does not have. */
function inputsOf(dto: DtoType<object>): fc.Arbitrary<object> {
  const metadatas = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const known = [...new Set(metadatas.map(({ propertyName }) => propertyName))];
  const fields = Object.fromEntries(known.map((name) => [name, someValue]));
  return fc
    .tuple(fc.record(fields, { requiredKeys: [] }), fc.integer({ min: 0, max: 9 }))
    .map(([input, n]) => {
      return n === 0 ? { ...input, is_admin: true } : input;
    });
}

describe('DtoRules', () => {
  it('understand every DTO of the server, and accept what the validator accepts, alike', async () => {
    const dtos = await allDtos();
    const accepted = new Set<string>();

    for (const [name, dto] of dtos) {
      const rules = DtoRules.of(dto);
      if (!rules) throw new Error(`${name} is not understood`);
      await fc.assert(
        fc.asyncProperty(inputsOf(dto), async (input) => {
          const made = rules.accept({ ...input });
          const expected = await judged(dto, { ...input });

          expect(made).toEqual(expected);
          if (!made) return;
          expect(made).toBeInstanceOf(dto);
          expect(Object.keys(made)).toEqual(Object.keys(expected!));
          accepted.add(name);
        }),
        { seed: jest.getSeed(), numRuns: 150 },
      );
    }

    expect(dtos.length).toBeGreaterThan(25);
    // Nearly all: few DTOs ask for so much that chance does not meet it.
    expect(accepted.size).toBeGreaterThan(dtos.length * 0.7);
  });

  it.each([
    ['an array', []],
    ['text', 'text'],
    ['nothing', undefined],
    ['a date', new Date(0)],
    ['an object in a field', { text: {} }],
    ['an array in a field', { text: ['a'] }],
    ['a key that every object inherits', JSON.parse('{"text":"a","constructor":1}')],
    ['the prototype', JSON.parse('{"text":"a","__proto__":{"polluted":true}}')],
  ])('leave %s to the validator', (_, input: unknown) => {
    class Note {
      @IsText({ max: 5 })
      text: string;
    }

    expect(DtoRules.of(Note)!.accept(input)).toBeNull();
    expect('polluted' in {}).toBe(false);
  });

  it('take the rules of a field that a subclass writes anew from the subclass', () => {
    class Note {
      @IsText({ max: 5 })
      text: string;
    }
    class ShortNote extends Note {
      @IsText({ max: 1 })
      override text: string;
    }
    const rules = DtoRules.of(ShortNote)!;

    expect(rules.accept({ text: 'a' })).toEqual({ text: 'a' });
    expect(rules.accept({ text: 'ab' })).toBeNull();
  });

  it('run the transformations of a field one after the other', async () => {
    class Note {
      @Transform(({ value }: { value: unknown }) => `${String(value)}!`)
      @Transform(({ value }: { value: unknown }) => `${String(value)}?`)
      @IsString()
      text: string;
    }

    expect(DtoRules.of(Note)!.accept({ text: 'a' })).toEqual(await judged(Note, { text: 'a' }));
  });

  it('do not take a promise for a yes', () => {
    class Note {
      @ValidateBy({ name: 'slow', async: true, validator: { validate: () => Promise.resolve(true) } })
      text: string;
    }

    expect(DtoRules.of(Note)!.accept({ text: 'a' })).toBeNull();
  });

  class Item {
    @IsId()
    id: number;
  }

  class Nested {
    @ValidateNested()
    @Type(() => Item)
    item: Item;
  }

  class Grouped {
    @IsString({ groups: ['new'] })
    text: string;
  }

  class Each {
    @IsString({ each: true })
    texts: string[];
  }

  class Renamed {
    @Expose({ name: 'body' })
    @IsString()
    text: string;
  }

  class GroupedTransform {
    @Transform(() => 'x', { groups: ['new'] })
    @IsString()
    text: string;
  }

  class Conditional {
    @IsOptional()
    @IsString({ validateIf: () => false })
    text?: string;
  }

  class WithoutRules {
    text: string;
  }

  it.each([Nested, Grouped, Each, Renamed, GroupedTransform, Conditional, WithoutRules])(
    'do not pretend to understand one that is %p',
    (dto) => {
      expect(DtoRules.of(dto)).toBeNull();
    },
  );
});
