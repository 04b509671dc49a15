import type { CallRow, Scene } from '../call-row';
import type { Other } from '../cast';

type Kind = 'bans' | 'mutes';

const order =
  (kind: Kind, target: Other) =>
  ({ actor, room, others }: Scene) =>
    actor.put(`/rooms/${room.id}/${kind}/${others[target].id}`, {});

const lifting =
  (kind: Kind, target: Other) =>
  ({ actor, room, others }: Scene) =>
    actor.delete(`/rooms/${room.id}/${kind}/${others[target].id}`);

/** By owners and administrators against anyone but themselves, by moderators against nobody of rank. */
const AGAINST_PLAIN = {
  public: '   forbidden forbidden banned forbidden 200* 200* 200*',
  private: '  -         -         -      forbidden 200* 200* 200*',
  direct: '   -         -         -      forbidden -    -    -',
};
const AGAINST_RANK = {
  public: '   forbidden forbidden banned forbidden forbidden 200* 200*',
  private: '  -         -         -      forbidden forbidden 200* 200*',
  direct: '   -         -         -      forbidden -         -    -',
};
const AGAINST_ONESELF = {
  public: '   forbidden forbidden banned forbidden forbidden forbidden forbidden',
  private: '  -         -         -      forbidden forbidden forbidden forbidden',
  direct: '   -         -         -      forbidden -         -         -',
};
const LIFTING = {
  public: '   forbidden forbidden banned forbidden 204* 204* 204*',
  private: '  -         -         -      forbidden 204* 204* 204*',
  direct: '   -         -         -      forbidden -    -    -',
};
const LISTING = {
  public: '   forbidden forbidden banned forbidden 200 200 200',
  private: '  -         -         -      forbidden 200 200 200',
  direct: '   -         -         -      forbidden -   -   -',
};

const rowsOf = (kind: Kind, lifted: Other): CallRow[] => [
  {
    call: `GET /rooms/{id}/${kind}`,
    send: ({ actor, room }) => actor.get(`/rooms/${room.id}/${kind}`),
    ...LISTING,
  },
  { ...put(kind), case: 'a newcomer', send: order(kind, 'newcomer'), ...AGAINST_PLAIN },
  { ...put(kind), case: 'a member', send: order(kind, 'otherMember'), ...AGAINST_PLAIN },
  { ...put(kind), case: 'a moderator', send: order(kind, 'otherModerator'), ...AGAINST_RANK },
  { ...put(kind), case: 'an owner', send: order(kind, 'otherOwner'), ...AGAINST_RANK },
  { ...put(kind), case: 'an administrator', send: order(kind, 'administrator'), ...AGAINST_RANK },
  {
    ...put(kind),
    case: 'oneself',
    send: ({ actor, room }) => actor.put(`/rooms/${room.id}/${kind}/${actor.id}`, {}),
    ...AGAINST_ONESELF,
  },
  { call: `DELETE /rooms/{id}/${kind}/{user_id}`, send: lifting(kind, lifted), ...LIFTING },
  {
    call: `DELETE /rooms/{id}/${kind}/{user_id}`,
    case: 'one’s own',
    send: ({ actor, room }) => actor.delete(`/rooms/${room.id}/${kind}/${actor.id}`),
    ...AGAINST_ONESELF,
  },
];

function put(kind: Kind): { call: string } {
  return { call: `PUT /rooms/{id}/${kind}/{user_id}` };
}

/** Bans and mutes. The columns: stranger removed banned member moderator owner admin. */
export const RESTRICTION_CALLS: CallRow[] = [
  ...rowsOf('bans', 'bannedUser'),
  ...rowsOf('mutes', 'mutedMember'),
];
