import { type ArgumentMetadata, type Type, ValidationPipe } from '@nestjs/common';
import { ChatError } from '../chat-error';
import { DtoRules } from './dto-rules';
import { hasMoreValuesThan, isNestedDeeperThan } from './shape';
import { validationFailed } from './validation-failed';

/** Deeper than anything the protocol has; the validator recurses, and a body can be 50,000 brackets deep. */
const DEPTH_MAX = 16;
/** More than any input has; the validator takes a millisecond for a few hundred, and a body holds tens of thousands. */
const VALUES_MAX = 256;

class StrictValidationPipe extends ValidationPipe {
  private readonly rules = new Map<Type<object>, DtoRules | null>();

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // What a decorator hands over, a connection say, is the server's own and no input.
    if (metadata.type === 'custom') return value;
    const accepted = this.rulesFor(metadata)?.accept(value);
    if (accepted) return accepted;
    if (hasMoreValuesThan(value, VALUES_MAX)) {
      throw ChatError.invalid('', `must not hold more than ${VALUES_MAX} values`);
    }
    if (isNestedDeeperThan(value, DEPTH_MAX)) {
      throw ChatError.invalid('', `must not be nested deeper than ${DEPTH_MAX} levels`);
    }
    const inherited = inheritedKeyOf(value);
    if (inherited !== undefined) throw ChatError.invalid(inherited, 'is not known here');
    return (await super.transform(value, metadata)) as unknown;
  }

  private rulesFor(metadata: ArgumentMetadata): DtoRules | null {
    if (!this.toValidate(metadata)) return null;
    const dto = metadata.metatype as Type<object>;
    let rules = this.rules.get(dto);
    if (rules === undefined) {
      rules = DtoRules.of(dto);
      this.rules.set(dto, rules);
    }
    return rules;
  }

  /** Leaves single parameters as they came: pipes of their own read them, and for this one '0x1' would be a number. */
  protected override transformPrimitive(value: unknown): unknown {
    return value;
  }
}

/** A field named like what every object inherits, `constructor` say: the validator would take it for a known one. */
function inheritedKeyOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.keys(value).find((key) => key in Object.prototype);
}

/**
 * The pipe in front of every handler, of REST and WebSocket alike: the input becomes an instance of its DTO,
 * and unknown fields, wrong types and prototype keys are refused with `validation_failed`.
 */
export function createValidationPipe(): ValidationPipe {
  return new StrictValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
    exceptionFactory: validationFailed,
  });
}
