import { ChatSocket, Refusal } from '../../support/chat-socket';
import type { Answer, Person } from '../../support/person';
import type { TestServer } from '../../support/test-server';
import { tableOf } from './actors';
import { comparable, type Trial, wordOf } from './call-trial';
import type { Cast } from './cast';
import type { DoorRow } from './frame-row';
import { type Told, unlikeAbsent } from './likeness';
import type { MatrixRooms } from './matrix-rooms';

/** Has every actor open a socket in every kind of room. */
export async function tryDoor(
  { server, rooms, cast: { actors } }: { server: TestServer; rooms: MatrixRooms; cast: Cast },
  row: DoorRow,
): Promise<Trial> {
  const made = await rooms.make();
  const before = await rooms.states(made);
  const told = await Promise.all(
    made.map(async (room): Promise<Told> => {
      const refusal = await refusalOf(server, actors[room.actor], row.path(room));
      return {
        cell: room,
        word: refusal ? wordOf(answerOf(refusal)) : 'open',
        text: refusal ? comparable(answerOf(refusal)) : '',
      };
    }),
  );
  const after = await rooms.states(made);
  const table = tableOf(
    told.map(({ cell, word }, index) => {
      const { id } = made[index]!;
      return [cell, word + (before.get(id) === after.get(id) ? '' : '*')];
    }),
  );
  return { table, leaks: unlikeAbsent(told) };
}

/** Opens a socket and closes it again; gives the answer that there is none. */
async function refusalOf(server: TestServer, person: Person, path: string): Promise<Refusal | null> {
  try {
    await (await ChatSocket.open(server, person, { path })).close();
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function answerOf({ status, headers, problem: body }: Refusal): Answer<unknown> {
  const lines = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  return { status, headers: new Headers(lines), body };
}
