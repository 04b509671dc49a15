import { applyDecorators } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { ErrorCode } from '../protocol/error-codes';

/** The key under which an operation has a code until `docs/` has made answers of all. */
export function problemExtension(code: ErrorCode): `x-problem-${ErrorCode}` {
  return `x-problem-${code}`;
}

/**
 * Documents the errors of a route, by code; `docs/` adds status, example and headers. Those named on a controller
 * count for each of its routes, beside their own.
 * Those that any route can give (validation, authentication, the database, limits) need not be named.
 */
export function ApiProblems(...codes: ErrorCode[]): MethodDecorator & ClassDecorator {
  // A key for each code: of two decorators with one key, only the method's would be heard.
  return applyDecorators(...codes.map((code) => ApiExtension(problemExtension(code), true)));
}
