import { ChatError } from '../common/chat-error';

/** The refusal of a reply to a message that its room does not have. */
export function unknownParent(): ChatError {
  return new ChatError('validation_failed', {
    outcome: 'not_stored',
    fields: [{ field: 'reply_to_id', message: 'must be a message of this room' }],
  });
}
