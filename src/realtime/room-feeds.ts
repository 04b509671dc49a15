import type { CloseCode } from '../protocol/close-codes';
import type { ServerFrame } from '../protocol/frames';

/** The feeds of this node by room. */
export class RoomFeeds {
  /** Tells the room's readers something that is not in its log. May be lost; never ordered against the log. */
  announce(_roomId: number, _frame: ServerFrame): void {}

  /** Ends the room for its readers: single-room sockets close with `code`, others are told with `frame` and leave it. */
  closeRoom(_roomId: number, _frame: ServerFrame, _code: CloseCode): void {}

  /** The users who read the room on this node, each once. */
  userIds(_roomId: number): number[] {
    return [];
  }

  /** Ends the room for one user: single-room sockets close with `code`, others leave it. */
  removeUser(_roomId: number, _userId: number, _code: CloseCode, _reason: string): void {}
}
