import { OperatorError } from './common/operator-error';
import { databaseErrorCode } from './database/database-error';

/** What the system tells of a failure. */
interface SystemFailure {
  code?: string;
  syscall?: string;
  path?: string;
  address?: string;
  port?: number;
  hostname?: string;
}

type Explanation = (failure: SystemFailure) => string | null;

/** By the code of PostgreSQL or of the system. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  '28P01': () => 'PostgreSQL refuses the user or the password of DATABASE_URL.',
  '28000': () =>
    'PostgreSQL does not let the user of DATABASE_URL in: there is none of that name, or pg_hba.conf keeps it out.',
  '3D000': () => 'PostgreSQL has no database of the name in DATABASE_URL: create it, or name another.',
  '42501': () => 'The user of DATABASE_URL may not do that: make it the owner of its database.',
  EADDRINUSE: ({ port }) => `Port ${port} is in use: stop what listens there, or choose another PORT.`,
  EADDRNOTAVAIL: ({ address, syscall }) =>
    syscall === 'connect' ? null : `This machine does not have the address ${address}: choose another HOST.`,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
  EACCES: (failure) =>
    failure.port && failure.syscall !== 'connect'
      ? `Port ${failure.port} is not allowed to this user: choose a PORT above 1023.`
      : unusableFile(failure),
  EPERM: unusableFile,
  EROFS: unusableFile,
  ENOENT: unusableFile,
  ENOTDIR: unusableFile,
  EEXIST: unusableFile,
  ENOSPC: unusableFile,
};

/** By what the driver says where there is no code. */
const DRIVER_EXPLANATIONS: readonly (readonly [said: string, explanation: string])[] = [
  [
    'does not support SSL',
    'PostgreSQL has no TLS: switch it on there, or take what asks for it out of DATABASE_URL.',
  ],
  ['password must be a string', 'PostgreSQL asks for a password, and DATABASE_URL has none.'],
];

/** What is wrong and what to do about it, of failures of a start that are the operator's; null for others. */
export function explainFailure(error: unknown): string | null {
  if (error instanceof OperatorError) return error.message;
  const code = databaseErrorCode(error);
  if (code !== undefined) return EXPLANATIONS[code]?.(error as SystemFailure) ?? null;
  const message = error instanceof Error ? error.message : '';
  return DRIVER_EXPLANATIONS.find(([said]) => message.includes(said))?.[1] ?? null;
}

/** The database's host has been found by then: whoever waits for it tells of it. */
function unknownHost({ hostname }: SystemFailure): string {
  return `The address ${hostname} cannot be found: choose another HOST.`;
}

/** Of all files, the server makes those in `DATA_DIR`, and reads the certificates that `DATABASE_URL` names. */
function unusableFile({ path, code }: SystemFailure): string | null {
  if (path === undefined) return null;
  return `${path} cannot be used (${code}): DATA_DIR must be a directory that the server may write in, and what DATABASE_URL names a file that it may read.`;
}
