/** What the clients of a run wrote down, and what the nodes say now. The judge knows nothing else. */
export interface Evidence {
  rooms: readonly RoomEvidence[];
  streams: readonly Stream[];
  sendings: readonly Sending[];
  /** What nobody may have been told: a frame of a room that its hearer is no member of. */
  leaks: readonly Leak[];
  /** Processes that ended without having been killed. */
  deaths: readonly string[];
  /** Sends that were refused although their senders may write. */
  refusals: readonly string[];
  /** What the fault itself promises beyond the invariants, and was not so. */
  broken: readonly string[];
}

export interface RoomEvidence {
  roomId: number;
  /** By the name that their senders gave them. */
  attempts: ReadonlyMap<string, Attempt>;
  /** What each node answers, in the order of its answer. */
  histories: readonly { node: string; messages: readonly StoredMessage[] }[];
}

/** A message that somebody wanted stored, and every acknowledgement that came for it, to whichever sending. */
export interface Attempt {
  content: string;
  acks: Position[];
}

export interface Position {
  id: number;
  seq: number;
}

export interface StoredMessage extends Position {
  /** Null: the message is no client's. */
  name: string | null;
  content: string | null;
}

/** Everything one reader was given of one room, over all its sockets. */
export interface Stream {
  reader: string;
  roomId: number;
  events: readonly StreamEvent[];
}

export type StreamEvent =
  /** The answer to a join without a position. */
  | { kind: 'start'; seq: number }
  | { kind: 'live'; message: Heard }
  | { kind: 'page'; messages: readonly Heard[]; lastSeq: number };

export interface Heard extends Position {
  content: string | null;
}

/** One sending of a message: how long until it was answered or its socket closed; infinite if neither happened. */
export interface Sending {
  name: string;
  tookMs: number;
}

export interface Leak {
  hearer: string;
  roomId: number;
  what: string;
}
