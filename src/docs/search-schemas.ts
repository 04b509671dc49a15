import type { SearchHit, SearchPage, SnippetPart } from '../protocol/search';
import { described, flag, type JsonSchema, listOf, objectOf, orNull, ref, text } from './json-schema';
import { HELLO } from './model-examples';

const FOUND: SearchHit = {
  message: HELLO,
  snippet: [
    { text: 'Hello, ', match: false },
    { text: 'world', match: true },
    { text: '!', match: false },
  ],
};

/** What a search answers, as JSON Schema with examples. */
export const SEARCH_SCHEMAS: Readonly<Record<'SnippetPart' | 'SearchHit' | 'SearchPage', JsonSchema>> = {
  SnippetPart: objectOf<SnippetPart>(
    'A stretch of plain text; never HTML.',
    { text, match: described(flag, 'Whether it is what was searched for.') },
    [],
    FOUND.snippet[1]!,
  ),
  SearchHit: objectOf<SearchHit>(
    'A message that was found.',
    {
      message: ref('Message'),
      snippet: described(
        listOf(ref('SnippetPart')),
        'The part of the content around the first match, cut into stretches that match and that do not.',
      ),
    },
    [],
    FOUND,
  ),
  SearchPage: objectOf<SearchPage>(
    'Found messages, newest first.',
    {
      results: listOf(ref('SearchHit')),
      has_more: described(flag, 'Whether there is a next page.'),
      next_cursor: described(orNull(text), 'The `before` of the next page; null at the end.'),
    },
    [],
    { results: [FOUND], has_more: true, next_cursor: '2026-01-01T09:20:00.000Z~1~42' },
  ),
};
