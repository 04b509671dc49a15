import { HttpException } from '@nestjs/common';
import { ChatError } from '../common/chat-error';
import { toChatError } from '../database/database-error';
import type { ErrorCode } from '../protocol/error-codes';

const CODE_BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'authentication_required',
  403: 'forbidden',
  404: 'not_found',
  405: 'not_found',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'server_busy',
};

/** The body parser's errors that do not say enough by their status. */
const CODE_BY_BODY_ERROR: Readonly<Record<string, ErrorCode>> = {
  'entity.parse.failed': 'invalid_json',
  'request.size.invalid': 'invalid_json',
  'request.aborted': 'invalid_json',
};

/** What is wrong with a body that is JSON and yet cannot be read. */
const MESSAGE_BY_BODY_ERROR: Readonly<Record<string, string>> = {
  'charset.unsupported': 'Send UTF-8.',
  'encoding.unsupported': 'Compress with gzip, deflate or br, or do not.',
};

/** The neutral error for whatever a request may end in: ours, the framework's, the body parser's or the driver's. */
export function neutralError(exception: unknown): ChatError {
  if (!(exception instanceof HttpException)) return toChatError(exception);
  const { cause } = exception;
  // Thrown by our own hooks inside the body parser, which wraps what it catches.
  if (cause instanceof ChatError) return cause;
  const status = exception.getStatus();
  if (status >= 500 && status !== 503) return new ChatError('internal_error', { cause: exception });
  const type = bodyErrorType(cause);
  const code = CODE_BY_BODY_ERROR[type] ?? CODE_BY_STATUS[status] ?? 'validation_failed';
  // The framework's own text may quote the request, so ours is told instead.
  return new ChatError(code, { message: MESSAGE_BY_BODY_ERROR[type] });
}

function bodyErrorType(cause: unknown): string {
  const type = (cause as { type?: unknown } | undefined)?.type;
  return typeof type === 'string' ? type : '';
}
