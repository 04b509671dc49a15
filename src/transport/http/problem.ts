import type { ChatError, FieldError } from '../../common/chat-error';
import { ERROR_CATALOGUE, type ErrorCode, type Outcome } from '../../protocol/error-codes';
import { ERROR_TABLE } from '../error-table';

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** The body of every error of REST, and of a refused upgrade (RFC 9457). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  request_id: string;
  /** Every bad field, on `validation_failed`; the empty one where the request is wrong as a whole. */
  errors?: FieldError[];
  /** On a change that failed: whether it may have been stored. */
  outcome?: Outcome;
}

export interface ProblemAnswer {
  status: number;
  headers: Record<string, string>;
  body: Problem;
}

/** When to try again if nobody knows better. */
const RETRY_AFTER_DEFAULT_MS = 1000;

/** The answer that an error becomes: status, headers (content type included) and body. */
export function problemOf(error: ChatError, requestId: string): ProblemAnswer {
  const { code, details } = error;
  const { status, title } = ERROR_TABLE[code];
  const isWhollyInvalid = code === 'validation_failed' && !details.fields;
  const errors = isWhollyInvalid ? [{ field: '', message: error.message }] : details.fields;
  const headers: Record<string, string> = { 'Content-Type': PROBLEM_CONTENT_TYPE };
  if (status === 401) headers['WWW-Authenticate'] = 'Bearer';
  if (status === 429 || status === 503) {
    const seconds = Math.ceil((details.retryAfterMs ?? RETRY_AFTER_DEFAULT_MS) / 1000);
    headers['Retry-After'] = String(Math.max(1, seconds));
  }
  return {
    status,
    headers,
    body: {
      type: problemType(code),
      title,
      status,
      // What went wrong inside stays inside, whatever the error says of itself.
      detail: code === 'internal_error' ? ERROR_CATALOGUE.internal_error.message : error.message,
      code,
      request_id: requestId,
      ...(errors && { errors }),
      ...(details.outcome && { outcome: details.outcome }),
    },
  };
}

/** The URI that names a kind of problem; an identifier, not an address. */
export function problemType(code: ErrorCode): string {
  return `urn:simple-chat:problem:${code}`;
}
