import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { OperatorError } from '../common/operator-error';

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** The process's variables, and below them those of the file `.env` in the working directory. */
export function readEnvironment(): EnvironmentVariables {
  return { ...readDotEnv(), ...process.env };
}

function readDotEnv(): EnvironmentVariables {
  try {
    // An editor may have put a byte order mark before the first name.
    return parseEnv(readFileSync('.env', 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new OperatorError(`The file .env cannot be read (${code}).`, { cause: error });
  }
}
