/** Every figure of the protocol that a server states in `welcome` and `websocket-info`. All are settings. */
export interface Limits {
  /** Code points of a message after trimming. */
  message_max_chars: number;
  /** Bytes of one frame from a client. */
  frame_max_bytes: number;
  /** Messages of one user in one room within the window. */
  messages_per_window: number;
  /** Frames of one socket within the window. */
  frames_per_window: number;
  rate_window_seconds: number;
  /** Invalid frames within a minute until 4400. */
  invalid_frames_per_minute: number;
  history_page_default: number;
  history_page_max: number;
  changes_page_max: number;
  /** Missed changes beyond which a resume is answered with history and a gap. */
  resume_max_changes: number;
  /** Different emoji on one message. */
  reactions_max: number;
  /** Pinned messages of one room. */
  pins_max: number;
  /** Different names in one message that are looked up. */
  mentions_max: number;
  /** Invites of one room that can be used at the same time. */
  invites_max: number;
  /** The slowest slow mode of a room. */
  slow_mode_max_seconds: number;
  /** Rooms that one user has made. Here and below, neither archived nor direct ones count. */
  rooms_created_max: number;
  /** Rooms that one user is a member of. */
  rooms_joined_max: number;
  /** Members of one room. */
  room_members_max: number;
  /** Rooms that one socket reads at the same time. */
  rooms_per_socket_max: number;
  /** Unsent bytes beyond which a reader's live frames stop until it has drained. */
  slow_reader_bytes: number;
  /** Seconds after which a reader that takes nothing is closed with 1013. */
  stuck_reader_seconds: number;
  /** Users online in a room up to which they are listed, not only counted. */
  presence_users_max: number;
  /** Least time between two presence frames of a room. */
  presence_interval_ms: number;
  /** How long someone who went still counts as present. */
  presence_grace_ms: number;
  /** Least time between two typing frames of one user in one room. */
  typing_interval_ms: number;
  /** Members of a room up to which all of its readers hear who has read what. */
  read_frames_max_members: number;
  heartbeat_seconds: number;
  heartbeat_timeout_seconds: number;
}

/** The most that the settings may allow for a page of a room's log. */
export const LOG_PAGE_MOST = 1_000;
/** The most that the settings may allow for slow mode: six hours. */
export const SLOW_MODE_MOST_SECONDS = 21_600;

export const USERNAME_MIN_CHARS = 3;
export const USERNAME_MAX_CHARS = 32;
export const USERNAME_PATTERN = new RegExp(`^[A-Za-z0-9_.-]{${USERNAME_MIN_CHARS},${USERNAME_MAX_CHARS}}$`);
/** What `@room` says: no user, everyone in the room. */
export const ROOM_MENTION = 'room';
/** bcrypt reads no more; longer passwords are refused, never cut. */
export const PASSWORD_MAX_BYTES = 72;
export const PASSWORD_MIN_BYTES = 8;
/** Characters of a `client_msg_id`; a UUID or ULID is what it is meant for. */
export const CLIENT_MSG_ID_MAX_CHARS = 128;
export const REQUEST_ID_MAX_CHARS = 64;
