/** Why the server ends a socket. 1000–1015 are those of RFC 6455, 4000–4999 ours. */
export enum CloseCode {
  /** The user left the room of a socket that has no other. */
  Normal = 1000,
  GoingAway = 1001,
  ProtocolError = 1002,
  UnsupportedData = 1003,
  InvalidPayload = 1007,
  PolicyViolation = 1008,
  MessageTooBig = 1009,
  InternalError = 1011,
  /** The node is restarting: connect again and resume. */
  ServiceRestart = 1012,
  /** The reader takes nothing, or the node is overloaded: connect again with back-off and resume. */
  TryAgainLater = 1013,
  /** 20 invalid frames within a minute. */
  InvalidFrames = 4400,
  /** The token expired, or the session ended. */
  Unauthorized = 4401,
  /** Banned or removed from the room. */
  Forbidden = 4403,
  /** The room was closed. */
  RoomClosed = 4404,
  /** The socket kept on past its rate limits. */
  Flooding = 4429,
}

/** Close codes with what a client does next; the docs and `websocket-info` are written from it. */
export const CLOSE_CODES: readonly { code: CloseCode; means: string; client: string }[] = [
  { code: CloseCode.Normal, means: 'you left the room by a call of REST', client: 'stop' },
  { code: CloseCode.GoingAway, means: 'the node is going away', client: 'reconnect and resume' },
  {
    code: CloseCode.ProtocolError,
    means: 'a breach of RFC 6455: an unmasked frame, a reserved bit, a control frame that is too long',
    client: 'fix',
  },
  { code: CloseCode.UnsupportedData, means: 'a binary frame', client: 'fix' },
  { code: CloseCode.InvalidPayload, means: 'text that is not UTF-8', client: 'fix' },
  {
    code: CloseCode.PolicyViolation,
    means: 'a frame in more than 64 fragments, or that came in more than 1024 pieces',
    client: 'fix',
  },
  { code: CloseCode.MessageTooBig, means: 'a frame that is too big', client: 'fix' },
  {
    code: CloseCode.InternalError,
    means: 'an error of the server',
    client: 'reconnect with back-off, resume',
  },
  { code: CloseCode.ServiceRestart, means: 'the node is restarting', client: 'reconnect and resume' },
  {
    code: CloseCode.TryAgainLater,
    means: 'the reader is stuck, or the node overloaded',
    client: 'reconnect with back-off, resume',
  },
  { code: CloseCode.InvalidFrames, means: 'too many invalid frames', client: 'fix' },
  {
    code: CloseCode.Unauthorized,
    means: 'token expired, session revoked, password changed, account deactivated',
    client: 'get a new token, then resume',
  },
  { code: CloseCode.Forbidden, means: 'banned or removed from the room', client: 'stop' },
  { code: CloseCode.RoomClosed, means: 'the room was closed', client: 'stop' },
  { code: CloseCode.Flooding, means: 'flooding', client: 'wait, then reconnect and resume' },
];
