import { ERROR_CATALOGUE, type ErrorCode, type Outcome } from '../protocol/error-codes';

export interface FieldError {
  field: string;
  message: string;
}

/** What may accompany an error: ids and field names only, never content or secrets. */
export interface ChatErrorDetails {
  roomId?: number;
  messageId?: number;
  userId?: number;
  fields?: FieldError[];
  /** Milliseconds after which a repetition may succeed. */
  retryAfterMs?: number;
  /** Stands on a failed change. */
  outcome?: Outcome;
  /** Text for people, instead of the catalogue's. */
  message?: string;
  cause?: unknown;
}

/** The one error that services throw. It knows its code; only `transport/` knows what becomes of it on the wire. */
export class ChatError extends Error {
  readonly details: Omit<ChatErrorDetails, 'cause' | 'message'>;

  constructor(
    readonly code: ErrorCode,
    { cause, message, ...details }: ChatErrorDetails = {},
  ) {
    const text = message ?? ERROR_CATALOGUE[code].message;
    const { stackTraceLimit } = Error;
    // Any other code is an answer: nobody is told where it was made, and finding that out is most of what a refusal costs.
    if (code !== 'internal_error') Error.stackTraceLimit = 0;
    super(text, { cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'ChatError';
    this.details = details;
  }

  get isRetryable(): boolean {
    return ERROR_CATALOGUE[this.code].retryable;
  }

  /** A `validation_failed` about one field. */
  static invalid(field: string, message: string): ChatError {
    return new ChatError('validation_failed', { fields: [{ field, message }] });
  }
}
