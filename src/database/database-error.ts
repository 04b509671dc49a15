import {
  QueryFailedError,
  QueryRunnerAlreadyReleasedError,
  QueryRunnerProviderAlreadyReleasedError,
} from 'typeorm';
import { ChatError } from '../common/chat-error';

/**
 * What the driver's errors mean: the one place that knows SQLSTATEs and the driver's wording.
 *
 * A server that is killed, stopped with `immediate` or frozen gives errors without an SQLSTATE,
 * so some are told by their message alone.
 */

const LOSS_CODES = new Set([
  '57P01', // the backend was terminated, or the server is stopping
  '57P02', // another backend crashed
  '57P03', // starting up, stopping or recovering
  '53300', // too many connections
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT', // the unix socket is gone
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
]);

/** What TypeORM says of a transaction whose connection it has taken back, by the runner or by its entity manager. */
const RELEASED = [QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError];

const UNANSWERED = 'query read timeout';

const LOSS_MESSAGES = [
  'connection terminated',
  'timeout exceeded when trying to connect',
  'timeout expired',
  UNANSWERED,
  'is not queryable',
  'cannot use a pool after calling end',
];

/**
 * The server lives, but cannot serve this: timed out, chosen to end a deadlock, out of resources, an I/O error, or a
 * standby after a failover.
 */
const OVERLOAD_CODES = /^(57014|55P03|40P01|40001|53...|58...|25006)$/;

/** Who we are, or the database that we ask for, is not let in. */
const REFUSAL_CODES = /^(28...|3D000)$/;

/** The SQLSTATE or system error code; undefined when the driver gave none. */
export function databaseErrorCode(error: unknown): string | undefined {
  const { code } = driverError(error) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/**
 * Whether the connection to the database was lost or could not be made. What was under way when it was lost
 * may have been committed or not.
 */
export function isConnectionLoss(error: unknown): boolean {
  const code = databaseErrorCode(error);
  if (code !== undefined) return code.startsWith('08') || LOSS_CODES.has(code);
  const cause = driverError(error);
  // The connection died between two statements of a transaction.
  if (RELEASED.some((Released) => cause instanceof Released)) return true;
  if (!(cause instanceof Error)) return false;
  const message = cause.message.toLowerCase();
  return LOSS_MESSAGES.some((part) => message.includes(part));
}

/** Whether the driver waited in vain for the answer to a query; it may still come. */
export function isUnanswered(error: unknown): boolean {
  const cause = driverError(error);
  return cause instanceof Error && cause.message.toLowerCase() === UNANSWERED;
}

/** Whether a lock was waited for in vain. The statement was rolled back. */
export function isLockTimeout(error: unknown): boolean {
  return databaseErrorCode(error) === '55P03';
}

/** Whether a statement took longer than its connection allows. It was rolled back. */
export function isStatementTimeout(error: unknown): boolean {
  return databaseErrorCode(error) === '57014';
}

/** Whether a row was refused because it exists; with `constraint`, by that index or constraint alone. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (databaseErrorCode(error) !== '23505') return false;
  return (
    constraint === undefined || (driverError(error) as { constraint?: unknown }).constraint === constraint
  );
}

/** The neutral error for one of the driver's: `database_unavailable` where a repetition may help, `internal_error` else. */
export function toChatError(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  const code = databaseErrorCode(error) ?? '';
  const isUnavailable =
    isConnectionLoss(error) || OVERLOAD_CODES.test(code) || REFUSAL_CODES.test(code) || isFatal(error);
  return new ChatError(isUnavailable ? 'database_unavailable' : 'internal_error', { cause: error });
}

/** PostgreSQL has ended the connection with it, or not let it in. */
function isFatal(error: unknown): boolean {
  return (driverError(error) as { severity?: unknown }).severity === 'FATAL';
}

function driverError(error: unknown): object {
  if (error instanceof QueryFailedError) return error.driverError as object;
  return typeof error === 'object' && error !== null ? error : {};
}
