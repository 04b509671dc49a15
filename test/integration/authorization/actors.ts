/** Who asks. In a room of two, and in one that is not there, all but `member` are strangers. */
export const ACTORS = [
  'anonymous',
  'deactivated',
  'stranger',
  'removed',
  'banned',
  'member',
  'moderator',
  'owner',
  'admin',
] as const;
export type Actor = (typeof ACTORS)[number];

/** Those with a living session, in the order of a row's columns. The administrator is a member of no room. */
export const LIVING_ACTORS = [
  'stranger',
  'removed',
  'banned',
  'member',
  'moderator',
  'owner',
  'admin',
] as const;
export type LivingActor = (typeof LIVING_ACTORS)[number];

export const ROOM_KINDS = ['public', 'private', 'direct', 'archived', 'archived private', 'absent'] as const;
export type RoomKind = (typeof ROOM_KINDS)[number];

/** What was answered, or is expected to be, for each actor in each kind of room. */
export type Table = Record<RoomKind, Record<Actor, string>>;

/** One square of the matrix. */
export interface Cell {
  kind: RoomKind;
  actor: Actor;
}

export const CELLS: readonly Cell[] = ROOM_KINDS.flatMap((kind) => ACTORS.map((actor) => ({ kind, actor })));

/** Squares and what stands in each, as a table to be compared and read. */
export function tableOf(squares: Iterable<readonly [Cell, string]>): Table {
  const table = Object.fromEntries(ROOM_KINDS.map((kind) => [kind, {}])) as Table;
  for (const [{ kind, actor }, text] of squares) table[kind][actor] = text;
  return table;
}
