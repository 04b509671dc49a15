import { ValidateBy } from 'class-validator';

/** For JSON: an integer of at least `min` that a number carries exactly; no string, no fraction. */
export function IsInteger({ min }: { min: number }): PropertyDecorator {
  return ValidateBy({
    name: 'isInteger',
    validator: {
      validate: (value) => Number.isSafeInteger(value) && (value as number) >= min,
      defaultMessage: () => `must be an integer of ${min} or more`,
    },
  });
}
