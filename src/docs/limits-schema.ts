import type { Limits } from '../protocol/limits';
import { count, described, type JsonSchema, objectOf } from './json-schema';

const MEANINGS: Readonly<Record<keyof Limits, string>> = {
  message_max_chars: 'Characters (code points) of a message after trimming.',
  frame_max_bytes: 'Bytes of one frame from a client.',
  messages_per_window: 'Messages of one user in one room within the window.',
  frames_per_window: 'Frames of one socket within the window.',
  rate_window_seconds: 'The window of both.',
  invalid_frames_per_minute: 'Invalid frames within a minute until the socket is closed with 4400.',
  history_page_default: 'Messages of a page of history unless another `limit` is asked for.',
  history_page_max: 'Messages of a page of history at most.',
  changes_page_max: 'Changes of a page at most.',
  reactions_max: 'Different emoji on one message.',
  pins_max: 'Pinned messages of one room.',
  mentions_max: 'Different names in one message that are looked up; the others are text.',
  invites_max: 'Invites of one room that can be used at the same time.',
  slow_mode_max_seconds: 'The slowest slow mode of a room.',
  rooms_created_max: 'Rooms that one user has made; neither archived nor direct ones count.',
  rooms_joined_max: 'Rooms that one user is a member of; neither archived nor direct ones count.',
  room_members_max: 'Members of one room.',
  rooms_per_socket_max: 'Rooms that one socket reads at the same time.',
  resume_max_changes: 'Missed changes beyond which a resume is answered with history and a gap.',
  slow_reader_bytes: "Unsent bytes beyond which a reader's live frames stop until it has drained.",
  stuck_reader_seconds: 'Seconds after which a reader that takes nothing is closed with 1013.',
  presence_users_max: 'Users online in a room up to which they are listed, not only counted.',
  presence_interval_ms: 'Least time between two presence frames of a room.',
  presence_grace_ms: 'How long someone who went still counts as present.',
  typing_interval_ms: 'Least time between two typing frames of one user in one room.',
  read_frames_max_members: 'Members of a room up to which all of its readers hear who has read what.',
  heartbeat_seconds: 'How often the server pings.',
  heartbeat_timeout_seconds: 'How long it waits for a sign of life.',
};

/** The figures of the protocol, with those of this server as the example. */
export function limitsSchema(limits: Limits): JsonSchema {
  const properties = Object.fromEntries(
    Object.entries(MEANINGS).map(([name, meaning]) => [name, described(count, meaning)]),
  ) as Record<keyof Limits, JsonSchema>;
  return objectOf<Limits>('The figures of this server; every one is a setting.', properties, [], limits);
}
