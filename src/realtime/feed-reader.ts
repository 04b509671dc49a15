import type { Connection } from './connection';
import type { Segment } from './fan-out';

/** Who follows a feed. */
export interface FeedReader {
  readonly owner: Connection;
  /** Whether its join has been answered; nothing else about the room comes before that. */
  readonly hasBegun: boolean;
  /** Called for each stretch of the log, in order. Must not throw. */
  accept(segment: Segment): void;
}
