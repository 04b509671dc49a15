import { ValidateBy } from 'class-validator';

/** For JSON: an integer within the bounds that a number carries exactly; no string, no fraction. */
export function IsInteger({
  min,
  max = Number.MAX_SAFE_INTEGER,
}: {
  min: number;
  max?: number;
}): PropertyDecorator {
  return ValidateBy({
    name: 'isInteger',
    validator: {
      validate: (value) =>
        Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
      defaultMessage: () => `must be an integer from ${min} to ${max}`,
    },
  });
}
