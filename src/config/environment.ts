import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** The process's variables, and below them those of the file `.env` in the working directory. */
export function readEnvironment(): EnvironmentVariables {
  return { ...readDotEnv(), ...process.env };
}

function readDotEnv(): EnvironmentVariables {
  try {
    return parseEnv(readFileSync('.env', 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
