import { USERNAME_MAX_CHARS, USERNAME_MIN_CHARS } from '../protocol/limits';

/** A word that an `@` may stand in or behind: then it is part of an address, or of the word. Some scripts have no spaces. */
const IN_WORD = String.raw`[\p{L}\p{M}\p{N}]--[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]`;
const NAME = String.raw`[A-Za-z0-9_.\-]`;
/** One look at each character: what follows a name can be none of its own, so a name is never tried again shorter. */
const MENTION = new RegExp(`(?<![[${IN_WORD}][_.+%\\-@]])@(${NAME}+)(?![[${IN_WORD}][_.\\-@]])`, 'gv');
const LINK = /\b[a-z]{2,10}:\/\/\S+/gi;

/** For an `@name` in a text the names that may be meant, in lower case: as it is written first, then with less punctuation at its end. */
export type NameReadings = readonly string[];

/**
 * The first `max` different names behind an `@`, in the order of the text. Not those in addresses, links and words.
 * Costs time by the length of the text alone, whatever is in it.
 */
export function mentionedNames(text: string, max: number): NameReadings[] {
  const found = new Map<string, NameReadings>();
  for (const [, written] of text.replace(LINK, ' ').matchAll(MENTION)) {
    if (found.size >= max) break;
    const readings = readingsOf(written!.toLowerCase());
    if (readings.length > 0) found.set(readings[0]!, readings);
  }
  return [...found.values()];
}

/** A sentence may end behind a name with what a name may end with, too. */
function readingsOf(written: string): NameReadings {
  const readings: string[] = [];
  for (let end = written.length; end >= USERNAME_MIN_CHARS; end--) {
    if (end <= USERNAME_MAX_CHARS) readings.push(written.slice(0, end));
    if (!'_.-'.includes(written[end - 1]!)) break;
  }
  return readings;
}
