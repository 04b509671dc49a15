import { CloseCode } from '../protocol/close-codes';
import type { ErrorCode } from '../protocol/error-codes';

export interface WireError {
  /** HTTP status. */
  readonly status: number;
  /** The kind of error for people; the same for each occurrence. */
  readonly title: string;
  /** With what a socket is closed if this error ends it; absent where an error never does. */
  readonly closeCode?: CloseCode;
}

/** What becomes of an error on the wire: the one place where codes meet status numbers and close codes. */
export const ERROR_TABLE: Readonly<Record<ErrorCode, WireError>> = {
  validation_failed: { status: 400, title: 'Invalid input', closeCode: CloseCode.InvalidFrames },
  invalid_json: { status: 400, title: 'Invalid JSON', closeCode: CloseCode.InvalidFrames },
  unknown_type: { status: 400, title: 'Unknown type of frame', closeCode: CloseCode.InvalidFrames },
  binary_not_supported: {
    status: 400,
    title: 'Binary frames are refused',
    closeCode: CloseCode.UnsupportedData,
  },
  conflicting_tokens: { status: 400, title: 'Conflicting tokens' },
  message_empty: { status: 400, title: 'Empty message' },
  message_too_long: { status: 400, title: 'Message too long' },

  authentication_required: {
    status: 401,
    title: 'Authentication required',
    closeCode: CloseCode.Unauthorized,
  },
  token_invalid: { status: 401, title: 'Invalid token', closeCode: CloseCode.Unauthorized },
  token_expired: { status: 401, title: 'Expired token', closeCode: CloseCode.Unauthorized },
  session_revoked: { status: 401, title: 'Session ended', closeCode: CloseCode.Unauthorized },
  invalid_credentials: { status: 401, title: 'Wrong credentials' },
  refresh_token_invalid: { status: 401, title: 'Invalid refresh token' },

  forbidden: { status: 403, title: 'Forbidden', closeCode: CloseCode.Forbidden },
  origin_not_allowed: { status: 403, title: 'Origin not allowed' },
  banned: { status: 403, title: 'Banned', closeCode: CloseCode.Forbidden },
  muted: { status: 403, title: 'Muted' },
  not_a_member: { status: 403, title: 'Not a member', closeCode: CloseCode.Forbidden },

  not_found: { status: 404, title: 'Not found' },
  user_not_found: { status: 404, title: 'No such user' },
  session_not_found: { status: 404, title: 'No such session' },
  room_not_found: { status: 404, title: 'No such room', closeCode: CloseCode.RoomClosed },
  message_not_found: { status: 404, title: 'No such message' },
  report_not_found: { status: 404, title: 'No such report' },
  invite_not_found: { status: 404, title: 'No such invite' },

  username_taken: { status: 409, title: 'User name taken' },
  email_taken: { status: 409, title: 'E-mail address taken' },
  room_name_taken: { status: 409, title: 'Room name taken' },
  last_admin: { status: 409, title: 'Last administrator' },
  last_owner: { status: 409, title: 'Last owner' },
  user_banned: { status: 409, title: 'User banned' },
  limit_reached: { status: 409, title: 'Limit reached' },
  message_deleted: { status: 409, title: 'Message deleted' },

  payload_too_large: { status: 413, title: 'Body too large', closeCode: CloseCode.MessageTooBig },
  unsupported_media_type: { status: 415, title: 'Unsupported media type' },
  rate_limited: { status: 429, title: 'Too many requests', closeCode: CloseCode.Flooding },

  internal_error: { status: 500, title: 'Internal error', closeCode: CloseCode.InternalError },
  database_unavailable: { status: 503, title: 'Database unavailable', closeCode: CloseCode.TryAgainLater },
  search_timeout: { status: 503, title: 'Search took too long' },
  server_busy: { status: 503, title: 'Server busy', closeCode: CloseCode.TryAgainLater },
  draining: { status: 503, title: 'Server going away', closeCode: CloseCode.ServiceRestart },
};
