/**
 * The catalogue of errors, shared by REST, WebSocket, the docs and clients.
 *
 * A code never changes its meaning. `retryable` says whether the same request may succeed
 * later without being changed; `message` is the default text for people.
 */
export const ERROR_CATALOGUE = {
  validation_failed: { retryable: false, message: 'The input is not valid.' },
  invalid_json: { retryable: false, message: 'The body is not valid JSON.' },
  unknown_type: { retryable: false, message: 'This type of frame is not known.' },
  binary_not_supported: { retryable: false, message: 'Frames are JSON text; binary frames are refused.' },
  conflicting_tokens: { retryable: false, message: 'Two different tokens were presented.' },
  message_empty: { retryable: false, message: 'A message needs content.' },
  message_too_long: { retryable: false, message: 'The message is too long.' },

  authentication_required: { retryable: false, message: 'A bearer token is required.' },
  token_invalid: { retryable: false, message: 'The token is not valid.' },
  token_expired: { retryable: false, message: 'The token has expired.' },
  session_revoked: { retryable: false, message: 'The session has ended.' },
  invalid_credentials: { retryable: false, message: 'The user name or the password is wrong.' },
  refresh_token_invalid: { retryable: false, message: 'The refresh token is not valid.' },

  forbidden: { retryable: false, message: 'You may not do this.' },
  origin_not_allowed: { retryable: false, message: 'This origin may not open a socket.' },
  banned: { retryable: false, message: 'You are banned from this room.' },
  muted: { retryable: false, message: 'You are muted in this room.' },
  not_a_member: { retryable: false, message: 'You are not a member of this room.' },

  not_found: { retryable: false, message: 'There is nothing here.' },
  user_not_found: { retryable: false, message: 'There is no such user.' },
  session_not_found: { retryable: false, message: 'There is no such session.' },
  room_not_found: { retryable: false, message: 'There is no such room.' },
  message_not_found: { retryable: false, message: 'There is no such message.' },
  report_not_found: { retryable: false, message: 'There is no such report.' },
  invite_not_found: { retryable: false, message: 'There is no such invite, or it is over.' },

  username_taken: { retryable: false, message: 'This user name is taken.' },
  email_taken: { retryable: false, message: 'This e-mail address is taken.' },
  room_name_taken: { retryable: false, message: 'A room of this name exists.' },
  last_admin: { retryable: false, message: 'The last active administrator has to stay.' },
  last_owner: { retryable: false, message: 'The last owner has to stay; name another first.' },
  user_banned: { retryable: false, message: 'This user is banned from the room; lift the ban first.' },
  limit_reached: { retryable: false, message: 'There are as many as there may be.' },
  message_deleted: { retryable: false, message: 'The message has been deleted.' },

  payload_too_large: { retryable: false, message: 'The body is too large.' },
  unsupported_media_type: { retryable: false, message: 'Send JSON.' },
  rate_limited: { retryable: true, message: 'Too many requests; wait a little.' },

  internal_error: { retryable: true, message: 'Something went wrong on our side.' },
  database_unavailable: { retryable: true, message: 'The database cannot be reached; try again.' },
  search_timeout: {
    retryable: true,
    message: 'The search took too long; narrow it by a room, a time or a rarer word.',
  },
  server_busy: { retryable: true, message: 'The server is busy; try again.' },
  draining: { retryable: true, message: 'This server is going away; connect again.' },
} as const satisfies Record<string, { retryable: boolean; message: string }>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

export const ERROR_CODES = Object.keys(ERROR_CATALOGUE) as ErrorCode[];

/** What is known of a change that failed: surely not stored, or perhaps stored (repeat it with its `client_msg_id`). */
export type Outcome = 'not_stored' | 'unknown';
