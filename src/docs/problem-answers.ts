import type { OpenAPIObject } from '@nestjs/swagger';
import { problemExtension } from '../common/api-problems.decorator';
import { ERROR_CODES, type ErrorCode } from '../protocol/error-codes';
import { ERROR_TABLE } from '../transport/error-table';
import { PROBLEM_CONTENT_TYPE } from '../transport/http/problem';
import { exampleProblem } from './problem-schema';

type PathItem = OpenAPIObject['paths'][string];
export type Operation = NonNullable<PathItem['get']> &
  Partial<Record<ReturnType<typeof problemExtension>, true>>;
type Answer = Operation['responses'][string];

const NEEDS_TOKEN: ErrorCode[] = [
  'authentication_required',
  'token_invalid',
  'token_expired',
  'session_revoked',
];
/** What is refused of a request before it is known what it asks for. */
const OF_EVERY_REQUEST: ErrorCode[] = [
  'validation_failed',
  'invalid_json',
  'payload_too_large',
  'unsupported_media_type',
];
/** Any call may fail, find the database away, or come to a node that takes no more work. */
const OF_EVERY_CALL: ErrorCode[] = ['internal_error', 'database_unavailable', 'draining'];

/** The errors that an operation can give: those that its route names, and those that follow from what it is. */
export function codesOf(path: string, operation: Operation): ErrorCode[] {
  const codes = new Set<ErrorCode>([
    ...ERROR_CODES.filter((code) => operation[problemExtension(code)]),
    ...OF_EVERY_REQUEST,
    ...(operation.security?.length ? NEEDS_TOKEN : []),
    ...(path.startsWith('/api/') ? OF_EVERY_CALL : []),
  ]);
  return ERROR_CODES.filter((code) => codes.has(code));
}

/** The answers for these errors, by status. */
export function problemAnswers(codes: readonly ErrorCode[]): Record<string, Answer> {
  const answers: Record<string, Answer> = {};
  for (const status of [...new Set(codes.map((code) => ERROR_TABLE[code].status))]) {
    const ofStatus = codes.filter((code) => ERROR_TABLE[code].status === status);
    answers[status] = {
      description: ofStatus.map((code) => `\`${code}\``).join(', '),
      ...headersOf(status),
      content: {
        [PROBLEM_CONTENT_TYPE]: {
          schema: { $ref: '#/components/schemas/Problem' },
          examples: Object.fromEntries(
            ofStatus.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
          ),
        },
      },
    };
  }
  return answers;
}

/** One example for each code, for `components`. */
export function problemExamples(codes: ReadonlySet<ErrorCode>) {
  return Object.fromEntries(
    ERROR_CODES.filter((code) => codes.has(code)).map((code) => [
      code,
      { summary: ERROR_TABLE[code].title, value: exampleProblem(code) },
    ]),
  );
}

function headersOf(status: number): Pick<Extract<Answer, { headers?: unknown }>, 'headers'> {
  if (status === 401) {
    return { headers: { 'WWW-Authenticate': { schema: { type: 'string', enum: ['Bearer'] } } } };
  }
  if (status === 429 || status === 503) {
    const seconds = { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 1 } };
    return { headers: { 'Retry-After': seconds } };
  }
  return {};
}
