import { customCleanEnv, type CleanedEnv } from 'envalid';
import type { EnvironmentVariables } from './environment';
import { SETTINGS } from './settings';

/** The settings by their names, parsed, with the defaults filled in. */
export type SettingValues = CleanedEnv<typeof SETTINGS>;

/**
 * Reads the table's settings from the environment; an empty variable counts as not set.
 *
 * `problems` names those that cannot be read, whose value is undefined then.
 */
export function readSettings(env: EnvironmentVariables): { values: SettingValues; problems: string[] } {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const problems: string[] = [];
  const values = customCleanEnv(given, SETTINGS, (parsed: SettingValues) => parsed, {
    reporter: ({ errors }) => {
      for (const [name, error] of Object.entries(errors)) problems.push(`${name}: ${error.message}`);
    },
  });
  return { values, problems };
}
