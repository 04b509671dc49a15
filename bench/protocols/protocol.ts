/** One client of a load. */
export interface ClientSpec {
  room: number;
  /** Its number among the senders of its room; null for one that only receives. */
  sender: number | null;
  /** The account it acts as, where the server knows accounts. */
  user: number;
  token?: string;
  /** Where it connects if not where the others do. */
  port?: number;
  /** Where it resumes, on servers that can. */
  afterSeq?: number;
}

/** What a server's text frame is to the generator. */
export type Reading =
  /** A message, just sent by somebody. */
  | 'live'
  /** Messages that the receiver had missed. */
  | 'missed'
  /** The client is in its room. */
  | 'ready'
  /** A message of this client is stored. */
  | 'ack'
  /** A message of this client was refused. */
  | 'refusal'
  /** The server asks for a sign of life within its own protocol. */
  | 'ping'
  | 'other';

/** How a server is spoken to: what differs between it and its peers, and nothing else. */
export interface Protocol {
  /** Whether senders are told that a message is stored. */
  readonly acknowledges: boolean;
  /** What answers a `ping`. */
  readonly pong: string | null;
  /** The request that opens the socket. */
  handshake(client: ClientSpec): { path: string; headers?: Record<string, string> };
  /** What a client says once its socket is open. */
  greeting: readonly string[];
  /** A message; `id` is unique among those of its sender. */
  message(text: string, id: string): string;
  /** Tells what a frame is, from its first bytes: it runs a million times a second. */
  read(bytes: Buffer, start: number, end: number): Reading;
  /** The number of a `live` message in its room's log; null where the server numbers nothing. As often as `read`. */
  seq(bytes: Buffer, start: number): number | null;
  /** Up to which number a page of the room's log, `ready` or `missed`, brings its receiver; null as for `seq`. */
  lastSeq(bytes: Buffer, end: number): number | null;
  /** Whether a frame of missed messages is the last one. */
  isLastMissed(bytes: Buffer, start: number, end: number): boolean;
  /** The texts of the messages in a frame, by a full parse. */
  texts(frame: string): string[];
  /** The `id` of a message that was refused; null if the frame does not tell. */
  refusedId(frame: string): string | null;
}
