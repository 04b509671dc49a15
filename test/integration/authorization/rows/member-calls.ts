import type { MemberRole } from '../../../../src/protocol/models';
import type { CallRow, Scene } from '../call-row';
import type { Other } from '../cast';

const toRole =
  (target: Other, role: MemberRole) =>
  ({ actor, room, others }: Scene) =>
    actor.put(`/rooms/${room.id}/members/${others[target].id}`, { role });

const removal =
  (target: Other) =>
  ({ actor, room, others }: Scene) =>
    actor.delete(`/rooms/${room.id}/members/${others[target].id}`);

/** Members and invites. The columns: stranger removed banned member moderator owner admin. */
export const MEMBER_CALLS: CallRow[] = [
  {
    call: 'GET /rooms/{id}/members',
    send: ({ actor, room }) => actor.get(`/rooms/${room.id}/members`),
    public: '   200 200 banned 200 200 200 200',
    private: '  -   -   -      200 200 200 -',
    direct: '   -   -   -      200 -   -   -',
  },
  {
    call: 'PUT /rooms/{id}/members/{user_id}',
    case: 'a newcomer as a member',
    send: toRole('newcomer', 'member'),
    public: '   forbidden forbidden banned forbidden 201* 201* 201*',
    private: '  -         -         -      forbidden 201* 201* 201*',
    direct: '   -         -         -      forbidden -    -    -',
  },
  {
    call: 'PUT /rooms/{id}/members/{user_id}',
    case: 'a newcomer as a moderator',
    send: toRole('newcomer', 'moderator'),
    public: '   forbidden forbidden banned forbidden forbidden 201* 201*',
    private: '  -         -         -      forbidden forbidden 201* 201*',
    direct: '   -         -         -      forbidden -         -    -',
  },
  {
    call: 'PUT /rooms/{id}/members/{user_id}',
    case: 'somebody who is banned',
    send: toRole('bannedUser', 'member'),
    public: '   forbidden forbidden banned forbidden user_banned user_banned user_banned',
    private: '  -         -         -      forbidden user_banned user_banned user_banned',
    direct: '   -         -         -      forbidden -           -           -',
  },
  {
    call: 'PUT /rooms/{id}/members/{user_id}',
    case: 'a member as a moderator',
    send: toRole('otherMember', 'moderator'),
    public: '   forbidden forbidden banned forbidden forbidden 200* 200*',
    private: '  -         -         -      forbidden forbidden 200* 200*',
    direct: '   -         -         -      forbidden -         -    -',
  },
  {
    call: 'PUT /rooms/{id}/members/{user_id}',
    case: 'a moderator as a member',
    send: toRole('otherModerator', 'member'),
    public: '   forbidden forbidden banned forbidden forbidden 200* 200*',
    private: '  -         -         -      forbidden forbidden 200* 200*',
    direct: '   -         -         -      forbidden -         -    -',
  },
  {
    call: 'PUT /rooms/{id}/members/{user_id}',
    case: 'an owner as a moderator',
    send: toRole('otherOwner', 'moderator'),
    public: '   forbidden forbidden banned forbidden forbidden 200* 200*',
    private: '  -         -         -      forbidden forbidden 200* 200*',
    direct: '   -         -         -      forbidden -         -    -',
  },
  {
    call: 'PUT /rooms/{id}/members/{user_id}',
    case: 'oneself as an owner',
    send: ({ actor, room }) => actor.put(`/rooms/${room.id}/members/${actor.id}`, { role: 'owner' }),
    public: '   forbidden forbidden banned forbidden forbidden 200 201*',
    private: '  -         -         -      forbidden forbidden 200 201*',
    direct: '   -         -         -      forbidden -         -   -',
  },
  {
    call: 'DELETE /rooms/{id}/members/{user_id}',
    case: 'a member',
    send: removal('otherMember'),
    public: '   forbidden forbidden banned forbidden 204* 204* 204*',
    private: '  -         -         -      forbidden 204* 204* 204*',
    direct: '   -         -         -      forbidden -    -    -',
  },
  {
    call: 'DELETE /rooms/{id}/members/{user_id}',
    case: 'a moderator',
    send: removal('otherModerator'),
    public: '   forbidden forbidden banned forbidden forbidden 204* 204*',
    private: '  -         -         -      forbidden forbidden 204* 204*',
    direct: '   -         -         -      forbidden -         -    -',
  },
  {
    call: 'DELETE /rooms/{id}/members/{user_id}',
    case: 'an owner',
    send: removal('otherOwner'),
    public: '   forbidden forbidden banned forbidden forbidden 204* 204*',
    private: '  -         -         -      forbidden forbidden 204* 204*',
    direct: '   -         -         -      forbidden -         -    -',
  },
  {
    call: 'POST /rooms/{id}/invites',
    send: ({ actor, room }) => actor.post(`/rooms/${room.id}/invites`, {}),
    public: '   forbidden forbidden banned forbidden 201* 201* forbidden',
    private: '  -         -         -      forbidden 201* 201* -',
    direct: '   -         -         -      forbidden -    -    -',
  },
  {
    call: 'GET /rooms/{id}/invites',
    send: ({ actor, room }) => actor.get(`/rooms/${room.id}/invites`),
    public: '   forbidden forbidden banned forbidden 200 200 forbidden',
    private: '  -         -         -      forbidden 200 200 -',
    direct: '   -         -         -      forbidden -   -   -',
  },
  {
    call: 'DELETE /rooms/{id}/invites/{invite_id}',
    send: ({ actor, room }) => actor.delete(`/rooms/${room.id}/invites/${room.inviteId}`),
    public: '   forbidden forbidden banned forbidden 204* 204* forbidden',
    private: '  -         -         -      forbidden 204* 204* -',
    direct: '   -         -         -      forbidden -    -    -',
  },
  {
    // Whatever code does not let somebody in is unknown: it tells nothing of its room.
    call: 'POST /invites/{code}/accept',
    send: ({ actor, room }) => actor.post(`/invites/${room.inviteCode}/accept`),
    public: '   200* 200* invite_not_found 200 200 200 200*',
    private: '  200* 200* invite_not_found 200 200 200 200*',
    direct:
      '   invite_not_found invite_not_found invite_not_found invite_not_found invite_not_found invite_not_found invite_not_found',
    archived:
      ' invite_not_found invite_not_found invite_not_found invite_not_found invite_not_found invite_not_found invite_not_found',
    absent:
      '   invite_not_found invite_not_found invite_not_found invite_not_found invite_not_found invite_not_found invite_not_found',
  },
];
