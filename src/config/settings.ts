import { accounts } from './settings/accounts';
import { limits } from './settings/limits';
import { nodes } from './settings/nodes';
import { rates } from './settings/rates';
import { server } from './settings/server';
import { storage } from './settings/storage';

/**
 * The one table of variables, whose chapters stand in settings/. Types, defaults, `.env.example` and docs/settings.md come
 * from it.
 *
 * `desc` is for people; `docs` tells a default that is not a plain value; `example` stands in `.env.example`
 * where the default is nothing to copy. An empty variable counts as not set.
 */
export const SETTINGS = { ...server, ...storage, ...nodes, ...accounts, ...rates, ...limits };

/** The same by chapter, for the documents. */
export const SETTING_CHAPTERS: Record<string, Partial<Record<keyof typeof SETTINGS, SettingDescription>>> = {
  Server: server,
  Storage: storage,
  'Several nodes': nodes,
  'Accounts and rooms': accounts,
  'Rate limits': rates,
  'Limits of the protocol': limits,
};

/** What the documents tell of a variable. */
export interface SettingDescription {
  desc?: string;
  /** The values that it may have, where they are few or within bounds. */
  allowed?: string;
  docs?: string;
  example?: string;
  default?: string | number | boolean | readonly string[];
}
