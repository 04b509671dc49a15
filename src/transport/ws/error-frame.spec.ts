import { ChatError } from '../../common/chat-error';
import { ERROR_CATALOGUE } from '../../protocol/error-codes';
import { errorFrame } from './error-frame';

/** As a client gets it. */
const sent = (...args: Parameters<typeof errorFrame>) =>
  JSON.parse(JSON.stringify(errorFrame(...args))) as object;

describe('the frame of an error', () => {
  it('tells the code, its text and whether to try again, and nothing that is not known', () => {
    const frame = sent(new ChatError('unknown_type'), { isChange: false });

    expect(frame).toEqual({
      type: 'error',
      code: 'unknown_type',
      message: ERROR_CATALOGUE.unknown_type.message,
      retryable: false,
    });
  });

  it('names the frame that failed', () => {
    const context = { requestId: 7, clientMsgId: 'c1', roomId: 3, isChange: false };

    const frame = sent(new ChatError('forbidden'), context);

    expect(frame).toMatchObject({ request_id: 7, client_msg_id: 'c1', room_id: 3 });
  });

  it('tells when to come again, and which fields were wrong', () => {
    const limited = sent(new ChatError('rate_limited', { retryAfterMs: 500 }), { isChange: false });
    const invalid = sent(ChatError.invalid('content', 'must be text'), { isChange: false });

    expect(limited).toMatchObject({ retryable: true, retry_after_ms: 500 });
    expect(invalid).toMatchObject({ errors: [{ field: 'content', message: 'must be text' }] });
  });

  it('takes the room from the error if that knows it', () => {
    const frame = sent(new ChatError('room_not_found', { roomId: 9 }), { roomId: 3, isChange: false });

    expect(frame).toMatchObject({ room_id: 9 });
  });

  describe('on a change', () => {
    it('says what the log says of the outcome', () => {
      const error = new ChatError('database_unavailable', { outcome: 'unknown' });

      expect(sent(error, { isChange: true })).toMatchObject({ outcome: 'unknown' });
    });

    it('says that nothing was stored if it was refused before', () => {
      expect(sent(new ChatError('rate_limited'), { isChange: true })).toMatchObject({
        outcome: 'not_stored',
      });
    });

    it('promises nothing after an error that nobody foresaw', () => {
      expect(sent(new ChatError('internal_error'), { isChange: true })).toMatchObject({ outcome: 'unknown' });
    });
  });

  it('has no outcome where nothing would have changed', () => {
    expect(sent(new ChatError('internal_error'), { isChange: false })).not.toHaveProperty('outcome');
  });

  it('tells nothing of the cause, nor of what an unforeseen error says', () => {
    const error = new ChatError('internal_error', {
      message: 'relation "users" does not exist',
      cause: new Error('SELECT password_hash FROM users'),
      userId: 5,
    });

    expect(sent(error, { isChange: false })).toEqual({
      type: 'error',
      code: 'internal_error',
      message: ERROR_CATALOGUE.internal_error.message,
      retryable: true,
    });
  });
});
