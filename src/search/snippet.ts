import type { SnippetPart } from '../protocol/search';

/** Code units of a snippet, and how many of them come before the first match. */
const SNIPPET_LENGTH = 200;
const LEAD_LENGTH = 60;
const ELLIPSIS = '…';

/**
 * As for the SQL function `search_words`: a word is what stands between white space, punctuation and symbols, with what
 * turns characters into emoji, marks of direction and control characters. A joiner joins what stands on both its sides.
 */
const BETWEEN =
  String.raw`\s\p{P}\p{S}\p{Cc}\u200B\u2060\u20E3\uFE00-\uFE0F\u{E0020}-\u{E007F}` +
  String.raw`\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069`;
const JOINERS = String.raw`\u200C\u200D`;
const WORD = new RegExp(`[^${BETWEEN}${JOINERS}](?:[^${BETWEEN}]*[^${BETWEEN}${JOINERS}])?`, 'gu');

/**
 * The part of a content around the first word that was asked for, as plain text in stretches that match and stretches
 * that do not. Matches are whole words whatever their case; of the last word asked for, also its beginning.
 *
 * It marks what the database has found, and judges nothing: where the two disagree about what a word is, a match is
 * shown unmarked.
 */
export function snippetOf(content: string, query: string): SnippetPart[] {
  const matches = matchesIn(content, query);
  const { from, to } = windowAround(content, matches[0]?.from ?? 0);
  const parts: SnippetPart[] = [];
  let end = from;
  for (const match of matches.filter((match) => match.from >= from && match.to <= to)) {
    push(parts, content.slice(end, match.from), false);
    push(parts, content.slice(match.from, match.to), true);
    end = match.to;
  }
  push(parts, content.slice(end, to), false);
  if (from > 0) parts.unshift({ text: ELLIPSIS, match: false });
  if (to < content.length) parts.push({ text: ELLIPSIS, match: false });
  return parts;
}

interface Stretch {
  from: number;
  to: number;
}

function matchesIn(content: string, query: string): Stretch[] {
  const asked = (query.match(WORD) ?? []).map(folded);
  const last = asked.at(-1);
  if (last === undefined) return [];
  const whole = new Set(asked);
  const matches: Stretch[] = [];
  for (const { 0: found, index } of content.matchAll(WORD)) {
    const word = folded(found);
    if (whole.has(word)) matches.push({ from: index, to: index + found.length });
    else if (word.startsWith(last)) matches.push({ from: index, to: index + last.length });
  }
  return matches;
}

/** Lower case has two letters of the Greek sigma. */
function folded(word: string): string {
  return word.toLowerCase().replaceAll('ς', 'σ');
}

/** Up to `SNIPPET_LENGTH` code units around a match, which cut neither a character nor, if they can help it, a word. */
function windowAround(content: string, matchFrom: number): Stretch {
  if (content.length <= SNIPPET_LENGTH) return { from: 0, to: content.length };
  let from = Math.max(0, Math.min(matchFrom - LEAD_LENGTH, content.length - SNIPPET_LENGTH));
  if (from > 0) {
    const space = content.slice(from, matchFrom).search(/\s/);
    from = space >= 0 ? from + space + 1 : matchFrom;
  }
  let to = Math.min(content.length, from + SNIPPET_LENGTH);
  if (to < content.length) {
    const space = content.slice(from, to).search(/\s\S*$/);
    if (space > matchFrom - from) to = from + space;
    else if (isLowSurrogate(content, to)) to -= 1;
  }
  return { from, to };
}

function isLowSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function push(parts: SnippetPart[], text: string, match: boolean): void {
  if (text !== '') parts.push({ text, match });
}
