import { ValidateIf } from 'class-validator';

/** For fields that may be left out, but not be null (`IsOptional` would let null pass). */
export function IfPresent(): PropertyDecorator {
  return ValidateIf((_body, value) => value !== undefined);
}
