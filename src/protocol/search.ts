import type { Message } from './models';

/** A stretch of plain text, to be shown as text and never as HTML; `match` where it is what was searched for. */
export interface SnippetPart {
  text: string;
  match: boolean;
}

export interface SearchHit {
  message: Message;
  /** The part of the content around the first match. Its texts, one after the other, are what to show. */
  snippet: SnippetPart[];
}

/** Found messages, newest first. `next_cursor` is the `before` of the next page; null at the end. */
export interface SearchPage {
  results: SearchHit[];
  has_more: boolean;
  next_cursor: string | null;
}
