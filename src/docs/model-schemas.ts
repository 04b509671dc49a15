import type { ModelName } from '../common/api-answer.decorator';
import { USERNAME_MAX_CHARS, USERNAME_MIN_CHARS } from '../protocol/limits';
import type {
  Member,
  MemberPage,
  Membership,
  Message,
  PublicUser,
  Reaction,
  ReadState,
  Restriction,
  RestrictionPage,
  Room,
  RoomPage,
  Session,
  TokenResponse,
  User,
  UserPage,
} from '../protocol/models';
import {
  count,
  described,
  flag,
  hasMore,
  id,
  type JsonSchema,
  listOf,
  objectOf,
  oneOfThese,
  orNull,
  ref,
  text,
  time,
} from './json-schema';
import { ROOM_EVENT_TYPES } from '../protocol/room-events';
import { HISTORY_SCHEMAS } from './history-schemas';
import { INVITE_SCHEMAS } from './invite-schemas';
import { MODERATION_SCHEMAS } from './moderation-schemas';
import { PRESENCE_SCHEMAS } from './presence-schemas';
import { SEARCH_SCHEMAS } from './search-schemas';
import {
  ADA,
  ADA_IN_GENERAL,
  ADA_PROFILE,
  ADAS_MEMBERSHIP,
  ADAS_MUTE,
  ADAS_SESSION,
  ADAS_TOKENS,
  GENERAL,
  HELLO,
} from './model-examples';

const nextCursor = described(orNull({ type: 'integer' }), 'The `cursor` of the next page; null at the end.');

const publicUser = {
  id,
  username: { type: 'string', minLength: USERNAME_MIN_CHARS, maxLength: USERNAME_MAX_CHARS },
  role: oneOfThese('user', 'admin'),
  display_name: orNull(text),
  bio: orNull(text),
  avatar_url: orNull(text),
  created_at: time,
} satisfies Record<keyof PublicUser, JsonSchema>;

/** The models of `protocol/` as JSON Schema, each with an example. */
export const MODEL_SCHEMAS: Readonly<Record<ModelName | 'Session' | 'Membership' | 'Reaction', JsonSchema>> =
  {
    PublicUser: objectOf<PublicUser>('A user as everyone may see them.', publicUser, [], ADA_PROFILE),
    User: objectOf<User>(
      'A user as they, and administrators, see them.',
      { ...publicUser, email: { type: 'string', format: 'idn-email' }, is_active: flag, updated_at: time },
      [],
      ADA,
    ),
    UserPage: objectOf<UserPage>(
      'A page of accounts, by id.',
      { users: listOf(ref('User')), has_more: hasMore, next_cursor: nextCursor },
      [],
      { users: [ADA], has_more: false, next_cursor: null },
    ),
    PublicUserList: { ...listOf(ref('PublicUser')), examples: [[ADA_PROFILE]] },
    TokenResponse: objectOf<TokenResponse>(
      'What a login gives.',
      {
        access_token: described(text, 'A JWT for `Authorization: Bearer`.'),
        refresh_token: described(text, 'Can be used once, for new tokens.'),
        token_type: oneOfThese('bearer'),
        expires_in: described(count, 'Seconds until the access token expires.'),
        user: ref('User'),
      },
      [],
      ADAS_TOKENS,
    ),
    Session: objectOf<Session>(
      'One device of a user.',
      {
        id: { type: 'string', format: 'uuid' },
        user_agent: orNull(text),
        ip: orNull(text),
        created_at: time,
        last_used_at: time,
        current: described(flag, 'Whether it is the one that asks.'),
      },
      [],
      ADAS_SESSION,
    ),
    SessionList: { ...listOf(ref('Session')), examples: [[ADAS_SESSION]] },
    Membership: objectOf<Membership>(
      'What the caller has to do with a room.',
      {
        role: oneOfThese('owner', 'moderator', 'member'),
        last_read_id: count,
        unread_count: described(count, 'Messages behind `last_read_id`, of whatever kind.'),
        mention_count: described(count, 'Those of them that mention you, by name or with `@room`.'),
        muted: flag,
        joined_at: time,
      },
      [],
      ADAS_MEMBERSHIP,
    ),
    Room: objectOf<Room>(
      'A room and the counters of its log.',
      {
        id,
        name: text,
        description: orNull(text),
        visibility: oneOfThese('public', 'private', 'direct'),
        is_active: flag,
        created_by: orNull(id),
        member_count: count,
        last_message_id: count,
        last_seq: count,
        last_message_at: orNull(time),
        slow_mode_seconds: count,
        created_at: time,
        updated_at: time,
        my: described(orNull(ref('Membership')), 'Null for someone who is not a member.'),
      },
      [],
      GENERAL,
    ),
    RoomPage: objectOf<RoomPage>(
      'A page of rooms, by id.',
      { rooms: listOf(ref('Room')), has_more: hasMore, next_cursor: nextCursor },
      [],
      { rooms: [GENERAL], has_more: false, next_cursor: null },
    ),
    Member: objectOf<Member>(
      'A user in a room.',
      { user: ref('PublicUser'), role: oneOfThese('owner', 'moderator', 'member'), joined_at: time },
      [],
      ADA_IN_GENERAL,
    ),
    MemberPage: objectOf<MemberPage>(
      'A page of members, by user id.',
      { members: listOf(ref('Member')), has_more: hasMore, next_cursor: nextCursor },
      [],
      { members: [ADA_IN_GENERAL], has_more: false, next_cursor: null },
    ),
    ReadState: objectOf<ReadState>(
      'How far the caller has read in a room.',
      { last_read_id: count, unread_count: count, mention_count: count },
      [],
      { last_read_id: 42, unread_count: 0, mention_count: 0 },
    ),
    Restriction: objectOf<Restriction>(
      'A ban, which keeps a user out of a room, or a mute, which keeps them from sending, editing and reacting.',
      {
        user: ref('PublicUser'),
        kind: oneOfThese('ban', 'mute'),
        reason: orNull(text),
        until: described(orNull(time), 'Null: until it is lifted.'),
        created_by: orNull(id),
        created_at: time,
      },
      [],
      ADAS_MUTE,
    ),
    RestrictionPage: objectOf<RestrictionPage>(
      'A page of bans or mutes, by user id.',
      { restrictions: listOf(ref('Restriction')), has_more: hasMore, next_cursor: nextCursor },
      [],
      { restrictions: [ADAS_MUTE], has_more: false, next_cursor: null },
    ),
    Reaction: objectOf<Reaction>(
      'Who reacted with an emoji.',
      { emoji: text, count, user_ids: listOf(id) },
      [],
      { emoji: '👍', count: 1, user_ids: [2] },
    ),
    Message: objectOf<Message>(
      'One entry of the log of a room in its latest state. A deleted message keeps its place, with `content` null.',
      {
        id: described(id, 'Per room: 1, 2, 3 … Never changes; the cursor of history.'),
        seq: described(id, 'The number of the last change to it within its room.'),
        kind: oneOfThese('user', 'system'),
        room_id: id,
        user_id: orNull(id),
        username: text,
        content: orNull(text),
        event: {
          type: 'object',
          description: 'What a machine needs of a system message.',
          properties: { type: oneOfThese(...ROOM_EVENT_TYPES) },
          required: ['type'],
        },
        client_msg_id: described(orNull(text), "The sender's name for it; sent again, it is stored once."),
        reply_to_id: orNull(id),
        reply_count: count,
        mentions: described(listOf(id), 'The users whom the text names with `@name`.'),
        mentions_room: described(flag, 'There, and true, if a moderator names everyone with `@room`.'),
        reactions: listOf(ref('Reaction')),
        pinned_at: orNull(time),
        created_at: time,
        edited_at: orNull(time),
        deleted_at: orNull(time),
      },
      ['event', 'mentions_room'],
      HELLO,
    ),
    ...HISTORY_SCHEMAS,
    ...PRESENCE_SCHEMAS,
    ...INVITE_SCHEMAS,
    ...SEARCH_SCHEMAS,
    ...MODERATION_SCHEMAS,
  };
