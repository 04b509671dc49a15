import { type Cell, CELLS, type Table, tableOf } from './actors';
import type { Scene } from './call-row';
import type { MatrixRoom } from './room-plan';
import { expected, type RoomAnswers } from './row';

/** A client's frame about a room. Its columns say what answers it, `nothing` where nothing does. */
export interface FrameRow extends RoomAnswers {
  /** Its type. */
  frame: string;
  case?: string;
  /** Whether it has no `room_id`. */
  isRoomless?: true;
  /** Whether its whole effect is that others get a frame of the same type. */
  isToldToOthers?: true;
  /** Beside its type and `room_id`. */
  fields(scene: Scene): object;
}

/** An address that opens a socket. Its columns say `open`, or why not. */
export interface DoorRow extends RoomAnswers {
  /** As it is documented, below `/api/v1`: `UPGRADE /ws/{room_id}`. */
  door: string;
  case?: string;
  /** Behind `/api/v1/ws`. */
  path(room: MatrixRoom): string;
}

/** The cells whose actors a door lets in: nobody else can send a frame there. */
export function cellsBehind(door: DoorRow): Cell[] {
  const openings = expected(door);
  return CELLS.filter(({ kind, actor }) => openings[kind][actor] === 'open');
}

/** What the row says to those whom a door lets in. */
export function expectedBehind(door: DoorRow, row: FrameRow): Table {
  const answers = expected(row);
  return tableOf(cellsBehind(door).map((cell) => [cell, answers[cell.kind][cell.actor]]));
}
