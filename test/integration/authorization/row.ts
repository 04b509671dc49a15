import { ERROR_CATALOGUE } from '../../../src/protocol/error-codes';
import { ACTORS, type Actor, LIVING_ACTORS, ROOM_KINDS, type Table } from './actors';

/**
 * What those with a living session get in one kind of room, one word for each of `stranger removed banned member
 * moderator owner admin`:
 *
 * - a status (`200`), the type of a frame (`ack`), or another word for what was answered: done, and the room is as it was;
 * - the same with a `*`: done, and the room has changed;
 * - a code of the error catalogue: refused, with the status that the code has, and the room is as it was;
 * - `-`: refused like in a room that does not exist.
 */
export type Columns = string;

/** A call or frame about a room: its answers by the kind of room. */
export interface RoomAnswers {
  public: Columns;
  private: Columns;
  direct: Columns;
  /** By default, and in most cases: as if there were no such room. */
  archived?: Columns;
  absent?: Columns;
}

const NOWHERE: Columns = '- - - - - - -';

/** For what no room decides. */
export function everywhere(columns: Columns): Required<RoomAnswers> {
  return { public: columns, private: columns, direct: columns, archived: columns, absent: columns };
}

/** The whole table of a row. Nobody without a living session gets anywhere. Throws for a row that is written wrongly. */
export function expected({ archived = NOWHERE, absent = NOWHERE, ...others }: RoomAnswers): Table {
  const columns = { ...others, archived, 'archived private': archived, absent };
  return Object.fromEntries(ROOM_KINDS.map((kind) => [kind, parse(columns[kind])])) as Table;
}

function parse(columns: Columns): Record<Actor, string> {
  const words = columns.trim().split(/\s+/);
  if (words.length !== LIVING_ACTORS.length) {
    throw new Error(`Not one word for each of ${LIVING_ACTORS.join(', ')}: ${columns}`);
  }
  const cells = {
    anonymous: 'authentication_required',
    deactivated: 'session_revoked',
    ...Object.fromEntries(LIVING_ACTORS.map((actor, index) => [actor, words[index]])),
  } as Record<Actor, string>;
  return Object.fromEntries(ACTORS.map((actor) => [actor, meaning(cells[actor])])) as Record<Actor, string>;
}

/** What a word stands for. Throws for what is neither an answer nor a code of the catalogue. */
export function meaning(word: string): string {
  const text = word === '-' ? 'room_not_found' : word;
  const isAnswer =
    /^(2\d\d|ack|messages_history|changes|left|authenticated|pong|nothing|open|read|listed|unlisted)\*?$/.test(
      text,
    );
  if (!isAnswer && !(text in ERROR_CATALOGUE)) throw new Error(`Neither an answer nor an error: ${word}`);
  return text;
}
