import type { Type } from '@nestjs/common';
import { type TransformFnParams, TransformationType } from 'class-transformer';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage';
import { getMetadataStorage, ValidationTypes, type ValidatorConstraintInterface } from 'class-validator';

type ValidationMetadata = ReturnType<
  ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']
>[number];
type Fields = Record<string, unknown>;

interface Rule {
  validator: ValidatorConstraintInterface;
  /** What the decorator gave the validator beside the value. */
  constraints: unknown[];
}

interface FieldRules {
  name: string;
  transforms: ((params: TransformFnParams) => unknown)[];
  /** Only if all hold is the field judged. */
  conditions: ((dto: object, value: unknown) => boolean)[];
  rules: Rule[];
}

/**
 * What the decorators of a DTO ask for, gathered once. class-transformer and class-validator gather it anew for each
 * input, which costs them ten times what they do with it.
 *
 * Rules only let in: they run the same functions of the same decorators, in the same order, and whatever these do not
 * plainly accept is left to the two packages, which alone say what is wrong with it.
 */
export class DtoRules {
  private readonly fields: FieldRules[];
  private readonly byName: ReadonlyMap<string, FieldRules>;

  private constructor(
    private readonly dto: Type<object>,
    metadatas: readonly ValidationMetadata[],
  ) {
    const names = [...new Set(metadatas.map(({ propertyName }) => propertyName))];
    this.fields = names.map((name) => {
      const own = metadatas.filter(({ propertyName }) => propertyName === name);
      return {
        name,
        transforms: transformsOf(dto, name).map(({ transformFn }) => transformFn),
        conditions: own
          .filter(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION)
          .map(({ constraints }) => constraints[0] as FieldRules['conditions'][number]),
        rules: own.filter(({ type }) => type === ValidationTypes.CUSTOM_VALIDATION).flatMap(rulesOf),
      };
    });
    this.byName = new Map(this.fields.map((field) => [field.name, field]));
  }

  /** Null for a DTO whose decorators say more than is understood here: nested ones, groups and the like. */
  static of(dto: Type<object>): DtoRules | null {
    const metadatas = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
    const isUnderstood =
      metadatas.length > 0 &&
      defaultMetadataStorage.getStrategy(dto) === 'none' &&
      defaultMetadataStorage.getExposedMetadatas(dto).length === 0 &&
      defaultMetadataStorage.getExcludedMetadatas(dto).length === 0 &&
      metadatas.every(isPlain) &&
      metadatas.every(({ propertyName }) => hasPlainTransforms(dto, propertyName));
    return isUnderstood ? new DtoRules(dto, metadatas) : null;
  }

  /** The DTO of an input in which everything is plainly right, or null. */
  accept(input: unknown): object | null {
    if (!isPlainObject(input)) return null;
    const dto = new this.dto() as Fields;
    for (const key of Object.keys(input)) {
      const field = this.byName.get(key);
      const value = input[key];
      if (!field || (typeof value === 'object' && value !== null)) return null;
      dto[key] = transformed(value, field, input);
    }
    for (const field of this.fields) if (!this.holds(field, dto)) return null;
    return dto;
  }

  private holds({ name, conditions, rules }: FieldRules, dto: Fields): boolean {
    const value = dto[name];
    for (const condition of conditions) if (!condition(dto, value)) return true;
    for (const { validator, constraints } of rules) {
      const context = { targetName: this.dto.name, property: name, object: dto, value, constraints };
      // A promise is not `true`.
      if (validator.validate(value, context) !== true) return false;
    }
    return true;
  }
}

function transformsOf(dto: Type<object>, name: string) {
  return defaultMetadataStorage.findTransformMetadatas(dto, name, TransformationType.PLAIN_TO_CLASS);
}

function hasPlainTransforms(dto: Type<object>, name: string): boolean {
  if (defaultMetadataStorage.findTypeMetadata(dto, name)) return false;
  return transformsOf(dto, name).every(({ options }) => Object.keys(options ?? {}).length === 0);
}

function isPlain({ type, groups, each, validateIf }: ValidationMetadata): boolean {
  if (each || validateIf || (groups?.length ?? 0) > 0) return false;
  return type === ValidationTypes.CUSTOM_VALIDATION || type === ValidationTypes.CONDITIONAL_VALIDATION;
}

function rulesOf({ constraintCls, constraints }: ValidationMetadata): Rule[] {
  return getMetadataStorage()
    .getTargetValidatorConstraints(constraintCls)
    .map(({ instance }) => ({ validator: instance, constraints: constraints as unknown[] }));
}

function isPlainObject(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function transformed(value: unknown, { name, transforms }: FieldRules, input: Fields): unknown {
  let result = value;
  for (const transform of transforms) {
    const type = TransformationType.PLAIN_TO_CLASS;
    result = transform({ value: result, key: name, obj: input, type, options: {} });
  }
  return result;
}
