import type { ChatError } from '../../common/chat-error';
import { ERROR_CATALOGUE } from '../../protocol/error-codes';
import type { ErrorFrame, RequestId } from '../../protocol/frames';

/** What the frame that failed said of itself, as far as it could be read. */
export interface FrameContext {
  requestId?: RequestId;
  clientMsgId?: string;
  roomId?: number;
  /** Whether the frame would have changed a room. */
  isChange: boolean;
}

/** The frame that tells a client of an error. Nothing of the cause, and nothing of the client's content, is in it. */
export function errorFrame(
  error: ChatError,
  { requestId, clientMsgId, roomId, isChange }: FrameContext,
): ErrorFrame {
  const { code, details } = error;
  return {
    type: 'error',
    code,
    message: code === 'internal_error' ? ERROR_CATALOGUE.internal_error.message : error.message,
    retryable: error.isRetryable,
    retry_after_ms: details.retryAfterMs,
    // An error that nobody foresaw may have come after the commit.
    outcome:
      details.outcome ?? (isChange ? (code === 'internal_error' ? 'unknown' : 'not_stored') : undefined),
    errors: details.fields,
    request_id: requestId,
    client_msg_id: clientMsgId,
    room_id: details.roomId ?? roomId,
  };
}
