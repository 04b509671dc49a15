import type { Answer, Person } from '../../support/person';
import type { Other } from './cast';
import type { MatrixRoom } from './room-plan';
import type { RoomAnswers } from './row';

/** Who does something, where, and the others whom it may be about. */
export interface Scene {
  actor: Person;
  room: MatrixRoom;
  others: Record<Other, Person>;
}

/** A REST call about a room. */
export interface CallRow extends RoomAnswers {
  /** As it is documented, below `/api/v1`: `PATCH /rooms/{id}`. */
  call: string;
  /** What is special about it, if a call has several rows. */
  case?: string;
  send(scene: Scene): Promise<Answer<unknown>>;
  /** For a call whose answer, rather than its success, depends on the room: the word for what was answered. */
  tells?(body: unknown): string;
}

export function titleOf({ call, case: special }: Pick<CallRow, 'call' | 'case'>): string {
  return special ? `${call} (${special})` : call;
}
