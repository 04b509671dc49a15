import { ApiExtension } from '@nestjs/swagger';
import type { ErrorCode } from '../protocol/error-codes';

/** Where the codes stand in an operation until `docs/` has made answers of them. */
export const PROBLEMS_EXTENSION = 'x-problems';

/**
 * Documents the errors of a route, by code; `docs/` adds status, example and headers.
 * Those that any route can give (validation, authentication, the database, limits) need not be named.
 */
export function ApiProblems(...codes: ErrorCode[]): MethodDecorator & ClassDecorator {
  return ApiExtension(PROBLEMS_EXTENSION, codes);
}
