import type {
  ChangesPage,
  HistoryPage,
  Member,
  Membership,
  Message,
  PublicUser,
  Restriction,
  Room,
  Session,
  TokenResponse,
  User,
} from '../protocol/models';

/** Ada and Bob in the room `general`: the examples of every document. */

export const ADA_PROFILE: PublicUser = {
  id: 1,
  username: 'ada',
  role: 'user',
  display_name: 'Ada Lovelace',
  bio: null,
  avatar_url: null,
  created_at: '2026-01-01T09:00:00.000Z',
};

export const ADA: User = {
  ...ADA_PROFILE,
  email: 'ada@example.org',
  is_active: true,
  updated_at: '2026-01-01T09:00:00.000Z',
};

export const ADAS_TOKENS: TokenResponse = {
  access_token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
  refresh_token: 'y8Qd0c7zYbq1m1nq3aQ8vQyq0iHq4m2b5r0m3Yp7e1k',
  token_type: 'bearer',
  expires_in: 900,
  user: ADA,
};

export const ADAS_SESSION: Session = {
  id: '0b0f9f0e-5a4c-4f0e-9d8e-2f3f6c1b7a11',
  user_agent: 'Mozilla/5.0',
  ip: '192.0.2.7',
  created_at: '2026-01-01T09:00:00.000Z',
  last_used_at: '2026-01-01T09:15:00.000Z',
  current: true,
};

export const ADAS_MEMBERSHIP: Membership = {
  role: 'member',
  last_read_id: 40,
  unread_count: 2,
  mention_count: 1,
  muted: false,
  joined_at: '2026-01-01T09:01:00.000Z',
};

export const GENERAL: Room = {
  id: 1,
  name: 'general',
  description: 'For everyone',
  visibility: 'public',
  is_active: true,
  created_by: null,
  member_count: 2,
  last_message_id: 42,
  last_seq: 45,
  last_message_at: '2026-01-01T09:20:00.000Z',
  slow_mode_seconds: 0,
  created_at: '2026-01-01T08:00:00.000Z',
  updated_at: '2026-01-01T08:00:00.000Z',
  my: ADAS_MEMBERSHIP,
};

export const ADA_IN_GENERAL: Member = {
  user: ADA_PROFILE,
  role: 'member',
  joined_at: ADAS_MEMBERSHIP.joined_at,
};

export const ADAS_MUTE: Restriction = {
  user: ADA_PROFILE,
  kind: 'mute',
  reason: null,
  until: '2026-01-01T10:20:00.000Z',
  created_by: 2,
  created_at: '2026-01-01T09:20:00.000Z',
};

export const HELLO: Message = {
  id: 42,
  seq: 45,
  kind: 'user',
  room_id: 1,
  user_id: 1,
  username: 'ada',
  content: 'Hello, world!',
  client_msg_id: '7b5f0b52-0b3c-4a86-9d7a-6a4c0c0a0f1e',
  reply_to_id: null,
  reply_count: 0,
  mentions: [],
  reactions: [],
  pinned_at: null,
  created_at: '2026-01-01T09:20:00.000Z',
  edited_at: null,
  deleted_at: null,
};

/** The same, edited: its `seq` has moved, its `id` has not. */
export const HELLO_EDITED: Message = {
  ...HELLO,
  seq: 46,
  content: 'Hello, everyone!',
  edited_at: '2026-01-01T09:21:00.000Z',
};

export const EPOCH = '5d1c7e0a3f524b9e8a570f6f1f0e2b3c';

export const NEWEST_PAGE: HistoryPage = {
  messages: [HELLO],
  has_more: true,
  next_cursor: 42,
  last_seq: 45,
  epoch: EPOCH,
};

export const MISSED_CHANGES: ChangesPage = {
  messages: [HELLO_EDITED],
  last_seq: 46,
  epoch: EPOCH,
  has_more: false,
};
