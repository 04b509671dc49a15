import type { PresenceState, PresentUser } from '../protocol/models';
import { count, described, id, listOf, objectOf, ref, text } from './json-schema';

const BOB: PresentUser = { id: 2, username: 'bob' };

/** Who is online. */
export const PRESENCE_SCHEMAS = {
  PresentUser: objectOf<PresentUser>('Someone who is present in a room.', { id, username: text }, [], BOB),
  PresenceState: objectOf<PresenceState>(
    'Who reads a room now: each user once, however many devices.',
    { count, users: described(listOf(ref('PresentUser')), 'Left out where many are online.') },
    ['users'],
    { count: 1, users: [BOB] },
  ),
};
