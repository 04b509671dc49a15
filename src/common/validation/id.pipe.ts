import { type ArgumentMetadata, Injectable, Optional, type PipeTransform } from '@nestjs/common';
import { ChatError } from '../chat-error';
import { INT4_MAX, parseCanonicalInteger } from '../canonical-integer';

/**
 * For path parameters: a canonical decimal id becomes the number, anything else is `validation_failed`.
 * `IdPipe` reads ids of users and rooms, `new IdPipe(ID_MAX)` those of messages.
 */
@Injectable()
export class IdPipe implements PipeTransform<string, number> {
  constructor(@Optional() private readonly max: number = INT4_MAX) {}

  transform(value: string, { data }: ArgumentMetadata): number {
    const id = parseCanonicalInteger(value, { min: 1, max: this.max });
    if (id === null) throw ChatError.invalid(data ?? 'id', `must be an integer from 1 to ${this.max}`);
    return id;
  }
}
