import type { ErrorCode, Outcome } from './error-codes';
import type { Limits } from './limits';
import type { ChangesPage, HistoryPage, Message, PresentUser, PresenceState, User } from './models';

/** Echoed in the direct answer or error to the frame that carried it. */
export type RequestId = string | number;

/** Client → server. `room_id` may be left out on `/ws/{room_id}`. */
export type ClientFrame = { request_id?: RequestId } & (
  | { type: 'message'; content: string; client_msg_id?: string; reply_to_id?: number; room_id?: number }
  | {
      type: 'fetch_messages';
      cursor?: number;
      after?: number;
      around?: number;
      limit?: number;
      room_id?: number;
    }
  | { type: 'join'; room_id?: number; after_seq?: number; epoch?: string }
  | { type: 'leave'; room_id?: number }
  | { type: 'edit_message'; message_id: number; content: string; room_id?: number }
  | { type: 'delete_message'; message_id: number; room_id?: number }
  | { type: 'add_reaction'; message_id: number; emoji: string; room_id?: number }
  | { type: 'remove_reaction'; message_id: number; emoji: string; room_id?: number }
  | { type: 'read'; message_id: number; room_id?: number }
  | { type: 'typing'; room_id?: number }
  | { type: 'authenticate'; token: string; room_id?: number }
  | { type: 'ping'; room_id?: number }
);

/** A stretch of the log that the server does not replay; history fills it. Both ends inclusive. */
export interface Gap {
  from_seq: number;
  to_seq: number;
}

/** A join's answer has `last_seq` and `epoch` (and may have `gap`); a page fetched later has none of them. */
export type HistoryData = Omit<HistoryPage, 'last_seq' | 'epoch'> &
  Partial<Pick<HistoryPage, 'last_seq' | 'epoch'>> & { room_id: number; gap?: Gap };

/**
 * Who is online in a room: all of them as `users`, or the difference as `joined` and `left`. With none of the three,
 * too many are online to be listed, and what was listed before is void.
 */
export type PresenceData = PresenceState & {
  room_id: number;
  joined?: PresentUser[];
  left?: PresentUser[];
};

/** What the sender learns of a committed change. */
export interface AckData {
  room_id: number;
  id: number;
  seq: number;
  client_msg_id: string | null;
  created_at: string;
  /** Whether this `client_msg_id` had been stored before. */
  duplicate: boolean;
}

export interface ErrorFrame {
  type: 'error';
  code: ErrorCode;
  message: string;
  retryable: boolean;
  retry_after_ms?: number;
  outcome?: Outcome;
  errors?: { field: string; message: string }[];
  request_id?: RequestId;
  client_msg_id?: string;
  room_id?: number;
}

/** How far somebody has read. */
export interface ReadData {
  room_id: number;
  user_id: number;
  message_id: number;
}

/** Server → client. */
export type ServerFrame =
  | {
      type: 'welcome';
      data: { user: User; connection_id: string; limits: Limits; heartbeat_seconds: number };
    }
  | { type: 'messages_history'; request_id?: RequestId; data: HistoryData }
  | { type: 'changes'; request_id?: RequestId; data: ChangesPage & { room_id: number } }
  | { type: 'message'; data: Message }
  | { type: 'message_updated'; data: Message }
  | { type: 'ack'; request_id?: RequestId; data: AckData }
  | { type: 'left'; request_id?: RequestId; data: { room_id: number; reason?: string } }
  | { type: 'room_updated'; data: Record<string, unknown> }
  | { type: 'room_closed'; data: { room_id: number } }
  | { type: 'member_updated'; data: Record<string, unknown> }
  | { type: 'presence'; data: PresenceData }
  | { type: 'typing'; data: { room_id: number; user_id: number; username: string; expires_in_ms: number } }
  | { type: 'read'; request_id?: RequestId; data: ReadData }
  | { type: 'authenticated'; request_id?: RequestId; data: { expires_at: string } }
  | { type: 'token_expiring'; data: { expires_at: string } }
  | { type: 'reconnect'; data: { after_ms: number } }
  | { type: 'pong'; request_id?: RequestId }
  | ErrorFrame;
