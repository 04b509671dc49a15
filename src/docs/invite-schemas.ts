import type { Invite, NewInvite } from '../protocol/invites';
import {
  count,
  described,
  id,
  type JsonSchema,
  listOf,
  objectOf,
  orNull,
  ref,
  text,
  time,
} from './json-schema';

const INVITE: Invite = {
  id: 1,
  room_id: 1,
  uses: 0,
  max_uses: 5,
  expires_at: '2026-01-08T09:00:00.000Z',
  created_by: 1,
  created_at: '2026-01-01T09:00:00.000Z',
};

const invite = {
  id,
  room_id: id,
  uses: described(count, 'How many have become members by it.'),
  max_uses: described(orNull(id), 'Null: any number.'),
  expires_at: described(orNull(time), 'Null: until it is revoked.'),
  created_by: orNull(id),
  created_at: time,
} satisfies Record<keyof Invite, JsonSchema>;

/** Invites into rooms, as JSON Schema with examples. */
export const INVITE_SCHEMAS: Readonly<Record<'Invite' | 'NewInvite' | 'InviteList', JsonSchema>> = {
  Invite: objectOf<Invite>('What lets whoever knows its code become a member of a room.', invite, [], INVITE),
  NewInvite: objectOf<NewInvite>(
    'An invite as it is answered to who makes it.',
    { ...invite, code: described(text, 'Told this once; only a hash of it is kept.') },
    [],
    { ...INVITE, code: 'q83vEjRWeJCrze8SNFZ4kA' },
  ),
  InviteList: { ...listOf(ref('Invite')), examples: [[INVITE]] },
};
