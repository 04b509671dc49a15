import { ERROR_CATALOGUE, ERROR_CODES, type ErrorCode } from '../protocol/error-codes';
import { ERROR_TABLE } from '../transport/error-table';
import { type Problem, problemType } from '../transport/http/problem';
import { described, integer, type JsonSchema, listOf, objectOf, oneOfThese, text } from './json-schema';

const EXAMPLE_REQUEST_ID = '3f0c9a52-6f0e-4a53-9b1e-9d4f8a3f1c77';

/** A problem document as it is answered for a code. */
export function exampleProblem(code: ErrorCode): Problem {
  const { status, title } = ERROR_TABLE[code];
  return {
    type: problemType(code),
    title,
    status,
    detail: ERROR_CATALOGUE[code].message,
    code,
    request_id: EXAMPLE_REQUEST_ID,
    ...(code === 'validation_failed' && {
      errors: [{ field: 'limit', message: 'must be an integer from 1 to 100' }],
    }),
  };
}

export const FIELD_ERROR_SCHEMA: JsonSchema = {
  type: 'object',
  properties: { field: text, message: text },
  required: ['field', 'message'],
};

export const PROBLEM_SCHEMA: JsonSchema = objectOf<Problem>(
  'What every error is answered with (RFC 9457).',
  {
    type: described(text, 'Names the kind of problem; an identifier, not an address.'),
    title: described(text, 'The same for each problem of the kind.'),
    status: described(integer, 'The HTTP status, repeated.'),
    detail: described(text, 'What is wrong, for people.'),
    code: described(oneOfThese(...ERROR_CODES), 'What is wrong, for machines. Never changes its meaning.'),
    request_id: described(text, 'Under which the request stands in the log; also in `X-Request-Id`.'),
    errors: described(
      listOf(FIELD_ERROR_SCHEMA),
      'Every bad field, on `validation_failed`; the empty one where the request is wrong as a whole.',
    ),
    outcome: described(
      oneOfThese('not_stored', 'unknown'),
      'On a change that failed. `unknown`: repeat it with the same `client_msg_id`.',
    ),
  },
  ['errors', 'outcome'],
  exampleProblem('validation_failed'),
);
