import { randomUUID } from 'node:crypto';
import type { MemberRole, RoomVisibility } from '../../../src/protocol/models';
import type { Person } from '../../support/person';
import type { Cell, RoomKind } from './actors';
import type { Cast } from './cast';

/** A room that one actor acts in once; who is who in it. */
export interface MatrixRoom extends Cell {
  id: number;
  /** As it is called to the actor, unlike any other. */
  name: string;
  /** A word of message 1, which stands nowhere else. */
  word: string;
  /** The code of an invite into it; unknown where there can be none. */
  inviteCode: string;
  inviteId: number;
  /** A report of message 1. */
  reportId: number;
  /** Somebody else who reads the room; null if nobody can. */
  witness: Person | null;
}

/** Each room has these: by the author, by the actor, and a pinned one by the author. The actor has reacted to the first. */
export const MESSAGE = { ofAuthor: 1, ofActor: 2, pinned: 3 } as const;
export const REACTION = '👍';

/** What a room is to be made of. */
export interface RoomPlan {
  cell: Cell;
  name: string;
  word: string;
  visibility: RoomVisibility;
  isActive: boolean;
  members: { user: Person; role: MemberRole }[];
  restrictions: { user: Person; kind: 'ban' | 'mute' }[];
  author: Person;
  reporter: Person;
  witness: Person | null;
  /** Null for somebody without an account. */
  actor: Person | null;
}

export function aWord(): string {
  return randomUUID().replaceAll('-', '');
}

function visibilityOf(kind: Exclude<RoomKind, 'absent'>): RoomVisibility {
  if (kind === 'direct') return 'direct';
  return kind === 'private' || kind === 'archived private' ? 'private' : 'public';
}

/** Whether an actor's part in a room was taken from them, so that they once had it. */
export function isEvicted({ kind, actor }: Cell): boolean {
  return (actor === 'removed' || actor === 'banned') && (kind === 'public' || kind === 'private');
}

/**
 * A room as it is planned for a cell. Whoever is to be removed or banned in a living room is still a member, so that it
 * can really happen; in an archived one it has happened.
 */
export function planOf(cell: Cell, kind: Exclude<RoomKind, 'absent'>, cast: Cast, peer: Person): RoomPlan {
  const { actors, others } = cast;
  const isActive = kind !== 'archived' && kind !== 'archived private';
  const common = {
    cell,
    name: kind === 'direct' ? peer.username : randomUUID(),
    word: aWord(),
    visibility: visibilityOf(kind),
    isActive,
    reporter: others.administrator,
    actor: cell.actor === 'anonymous' ? null : actors[cell.actor],
  };
  if (kind === 'direct') {
    const members = [actors.member, peer].map((user) => ({ user, role: 'member' as const }));
    return { ...common, members, restrictions: [], author: peer, witness: peer };
  }
  const plain = [actors.member, actors.deactivated, others.otherMember, others.mutedMember];
  if (isEvicted(cell)) plain.push(actors[cell.actor]);
  return {
    ...common,
    members: [
      ...[actors.owner, others.otherOwner].map((user) => ({ user, role: 'owner' as const })),
      ...[actors.moderator, others.otherModerator].map((user) => ({ user, role: 'moderator' as const })),
      ...plain.map((user) => ({ user, role: 'member' as const })),
    ],
    restrictions: [
      { user: others.mutedMember, kind: 'mute' },
      { user: others.bannedUser, kind: 'ban' },
      ...(isEvicted(cell) ? [] : [{ user: actors.banned, kind: 'ban' as const }]),
    ],
    author: others.author,
    witness: isActive ? others.otherMember : null,
  };
}
