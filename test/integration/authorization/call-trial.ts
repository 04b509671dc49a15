import { ERROR_TABLE } from '../../../src/transport/error-table';
import type { ErrorCode } from '../../../src/protocol/error-codes';
import type { Answer } from '../../support/person';
import { CELLS, type Table, tableOf } from './actors';
import type { CallRow } from './call-row';
import type { Cast } from './cast';
import { type Leak, type Told, unlikeAbsent } from './likeness';
import type { MatrixRooms } from './matrix-rooms';

/** What a trial has shown. */
export interface Trial {
  table: Table;
  /** Refusals that tell more than those of an absent room. */
  leaks: Leak[];
}

/** Has every actor try a call in every kind of room, each in a room of their own. */
export async function tryCall(rooms: MatrixRooms, { actors, others }: Cast, row: CallRow): Promise<Trial> {
  const made = await rooms.make(CELLS);
  const before = await rooms.states(made);
  const told = await Promise.all(
    made.map(async (room): Promise<Told> => {
      const answer = await row.send({ actor: actors[room.actor], room, others });
      const word = row.tells && answer.status === 200 ? row.tells(answer.body) : wordOf(answer);
      return { cell: room, word, text: comparable(answer) };
    }),
  );
  const after = await rooms.states(made);
  const hasChanged = (index: number) => {
    const { id } = made[index]!;
    return before.get(id) !== after.get(id);
  };
  return {
    table: tableOf(told.map(({ cell, word }, index) => [cell, word + (hasChanged(index) ? '*' : '')])),
    leaks: unlikeAbsent(told),
  };
}

/** The status of a success, the code of an error; both where the two do not belong together. */
export function wordOf({ status, body }: Answer<unknown>): string {
  if (status < 400) return String(status);
  const { code } = body as { code: ErrorCode };
  return ERROR_TABLE[code]?.status === status ? code : `${status} ${code}`;
}

/** An answer as it came, but for what differs from request to request. */
export function comparable({ status, headers, body }: Answer<unknown>): string {
  const perRequest = ['date', 'x-request-id'];
  const lasting = [...headers]
    .filter(([name]) => !perRequest.includes(name))
    .map((header) => header.join(': '));
  return [status, ...lasting, JSON.stringify({ ...(body as object), request_id: '' })].join('\n');
}
