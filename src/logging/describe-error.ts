const CAUSES_MAX = 3;

/** What is logged of an error. */
export interface ErrorDescription {
  name: string;
  message?: string;
  code?: string;
  /** Of a database error: what was violated. */
  constraint?: string;
  table?: string;
  /** Frames alone: the first line of a stack repeats the message. */
  stack: string[];
  cause?: ErrorDescription;
}

/**
 * Tells an error without the values it carries. Messages of PostgreSQL quote input (`invalid input syntax: "…"`),
 * so does a JSON parser; of those the name and the code have to do.
 */
export function describeError(error: Error, depth = 0): ErrorDescription {
  const { code, constraint, table } = error as { code?: unknown; constraint?: unknown; table?: unknown };
  return {
    name: error.name,
    ...(!quotesInput(error) && { message: error.message }),
    ...(typeof code === 'string' && { code }),
    ...(typeof constraint === 'string' && { constraint }),
    ...(typeof table === 'string' && { table }),
    stack: frames(error),
    ...(error.cause instanceof Error &&
      depth < CAUSES_MAX && { cause: describeError(error.cause, depth + 1) }),
  };
}

function quotesInput(error: Error): boolean {
  return (
    error instanceof SyntaxError ||
    'query' in error || // TypeORM's failed query
    'severity' in error || // PostgreSQL's own
    'criteria' in error || // TypeORM's entity that was not found
    'body' in error // the body parser's
  );
}

function frames(error: Error): string[] {
  // Removed first: a message of several lines may look like frames.
  const stack = (error.stack ?? '').replace(error.message, '');
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim());
}
