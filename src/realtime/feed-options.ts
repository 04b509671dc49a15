import type { FeedReader } from './feed-reader';
import type { NewNames } from './new-names';

/** What a feed of a room is given. */
export interface FeedOptions {
  /** Messages of the page that a join gets. */
  pageSize: number;
  /** Missed changes up to which a reader resumes. */
  resumeMaxChanges: number;
  names: NewNames;
  /** Called when a reader has come. */
  attached(): void;
  /** Called when a reader has gone. */
  detached(reader: FeedReader): void;
  /** Called when the log is found to have another life, or to end too early: what is known here is of another one. */
  outlived(): void;
  /** Called when the log could not be read, or what it told not be followed; that is tried again. Must not throw. */
  failed(error: unknown): void;
}
