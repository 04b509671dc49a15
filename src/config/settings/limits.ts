import { LOG_PAGE_MOST, SLOW_MODE_MOST_SECONDS } from '../../protocol/limits';
import { integer, MOST } from '../validators';

/** How large, how many and how long things may be; `welcome` and `websocket-info` tell most of them. */
export const limits = {
  MESSAGE_MAX_CHARS: integer(1, 100_000, { default: 4_000, desc: 'Code points of a message.' }),
  FRAME_MAX_BYTES: integer(1_024, 16_777_216, { default: 65_536, desc: 'Bytes of a frame from a client.' }),
  HISTORY_PAGE_DEFAULT: integer(1, LOG_PAGE_MOST, {
    default: 50,
    desc: 'Messages of a page of history, and of a join.',
  }),
  HISTORY_PAGE_MAX: integer(1, LOG_PAGE_MOST, { default: 100, desc: 'The longest page of history.' }),
  CHANGES_PAGE_MAX: integer(1, LOG_PAGE_MOST, { default: 100, desc: 'The longest page of changes.' }),
  RESUME_MAX_CHANGES: integer(1, 10 * LOG_PAGE_MOST, {
    default: 1_000,
    desc: 'Missed changes beyond which a resume is answered with history and a gap.',
  }),
  REACTIONS_MAX: integer(1, 1_000, { default: 20, desc: 'Different emoji on one message.' }),
  PINS_MAX: integer(1, 10_000, { default: 50, desc: 'Pinned messages of one room.' }),
  MENTIONS_MAX: integer(0, 1_000, {
    default: 50,
    desc: 'Different names behind an `@` in one message that are looked up; the others are text.',
  }),
  INVITES_MAX: integer(1, 10_000, {
    default: 100,
    desc: 'Invites of one room that can be used at the same time.',
  }),
  SLOW_MODE_MAX_SECONDS: integer(0, SLOW_MODE_MOST_SECONDS, {
    default: SLOW_MODE_MOST_SECONDS,
    desc: 'The slowest slow mode of a room.',
  }),
  ROOMS_CREATED_MAX: integer(1, MOST, {
    default: 1_000,
    desc: 'Rooms, not archived, that one user has made; direct ones do not count.',
  }),
  ROOMS_JOINED_MAX: integer(1, MOST, {
    default: 2_000,
    desc: 'Rooms, not archived, that one user is a member of; direct ones do not count.',
  }),
  ROOM_MEMBERS_MAX: integer(1, MOST, { default: 100_000, desc: 'Members of one room.' }),
  ROOMS_PER_SOCKET_MAX: integer(1, MOST, {
    default: 2_000,
    desc: 'Rooms that one socket reads at the same time.',
  }),
  SLOW_READER_BYTES: integer(1_024, MOST, {
    default: 1_048_576,
    desc: 'Unsent bytes beyond which a socket’s live frames stop until it has drained.',
  }),
  STUCK_READER_SECONDS: integer(1, 3_600, {
    default: 30,
    desc: 'How long a socket may take nothing before it is closed with 1013.',
  }),
  PRESENCE_USERS_MAX: integer(0, 10_000, {
    default: 200,
    desc: 'Users online in a room up to which they are listed; beyond, they are only counted.',
  }),
  PRESENCE_INTERVAL_MS: integer(10, 60_000, {
    default: 1_000,
    desc: 'Least time between two presence frames of a room.',
  }),
  PRESENCE_GRACE_MS: integer(0, 600_000, {
    default: 10_000,
    desc: 'How long someone who went still counts as present, so that a reconnect is no news.',
  }),
  TYPING_INTERVAL_MS: integer(1, 60_000, {
    default: 3_000,
    desc: 'Least time between two typing frames of one user in one room that are passed on.',
  }),
  READ_FRAMES_MAX_MEMBERS: integer(0, 100_000, {
    default: 200,
    desc: 'Members of a room up to which all of its readers hear how far someone has read.',
  }),
  HEARTBEAT_SECONDS: integer(1, 3_600, { default: 25, desc: 'Time between two pings.' }),
  HEARTBEAT_TIMEOUT_SECONDS: integer(1, 3_600, {
    default: 10,
    desc: 'Time without a sign of life after a ping until the socket is ended.',
  }),
};
