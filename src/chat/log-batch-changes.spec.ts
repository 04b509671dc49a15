import { aDeletion, aMessage, anEdit } from '../../test/support/a-message';
import { aState, apply, changesOf, messageOf, NOW } from '../../test/support/log-batch-stage';
import type { Appended } from '../realtime/room-log';

describe('LogBatch, changing what is stored', () => {
  describe('an edit', () => {
    it('replaces the content and takes the next number', () => {
      const state = aState(aMessage({ id: 4, seq: 5 }));

      const { results, batch } = apply(state, anEdit({ messageId: 4, content: 'better' }));

      expect(changesOf(results)).toEqual(['4@13']);
      expect(messageOf(results[0])).toMatchObject({ content: 'better', edited_at: NOW });
      expect([...batch.updated]).toMatchObject([{ id: 4, seq: 13, content: 'better' }]);
      expect([...batch.touchedRooms]).toMatchObject([{ id: 1, lastSeq: 13, lastMessageId: 10 }]);
    });

    it('that changes nothing takes no number', () => {
      const { results, batch } = apply(
        aState(aMessage({ id: 4, content: 'same' })),
        anEdit({ messageId: 4, content: 'same' }),
      );

      expect(changesOf(results)).toEqual(['']);
      expect(messageOf(results[0])).toMatchObject({ edited_at: null });
      expect(batch.touchedRooms.size).toBe(0);
    });

    it.each([
      ['message_not_found', aMessage({ id: 5 })],
      ['message_not_found', aMessage({ id: 4, room_id: 2 })],
      ['forbidden', aMessage({ id: 4, user_id: 2 })],
      ['forbidden', aMessage({ id: 4, user_id: null })],
      ['forbidden', aMessage({ id: 4, kind: 'system' })],
      ['message_deleted', aMessage({ id: 4, content: null, deleted_at: NOW })],
    ])('is refused as %s', (code, message) => {
      const { results } = apply(aState(message), anEdit({ messageId: 4 }));

      expect(results).toMatchObject([{ code, details: { roomId: 1, messageId: 4, outcome: 'not_stored' } }]);
    });
  });

  describe('a deletion', () => {
    it('empties the message and takes the next number', () => {
      const { results } = apply(aState(aMessage({ id: 4, seq: 5 })), aDeletion({ messageId: 4 }));

      expect(changesOf(results)).toEqual(['4@13']);
      expect(messageOf(results[0])).toMatchObject({ content: null, deleted_at: NOW });
    });

    it('of a reply is told the message that it answered', () => {
      const parent = aMessage({ id: 4, reply_count: 1 });
      const reply = aMessage({ id: 5, reply_to_id: 4 });

      const { results } = apply(aState(parent, reply), aDeletion({ messageId: 5 }));

      expect(changesOf(results)).toEqual(['5@13 4@14']);
      expect((results[0] as Appended).changes[1]!.message).toMatchObject({ id: 4, reply_count: 0 });
    });

    it('repeated takes no number', () => {
      const { results } = apply(
        aState(aMessage({ id: 4 })),
        aDeletion({ messageId: 4 }),
        aDeletion({ messageId: 4 }),
      );

      expect(changesOf(results)).toEqual(['4@13', '']);
      expect(messageOf(results[1])).toEqual(messageOf(results[0]));
    });

    it('of another’s message is refused, unless by a moderator', () => {
      const message = aMessage({ id: 4, user_id: 2 });

      const { results } = apply(
        aState(message),
        aDeletion({ messageId: 4 }),
        aDeletion({ messageId: 4, isAdmin: true }),
      );

      expect(changesOf(results)).toEqual(['forbidden', '4@13']);
    });

    it('of a message that is not there is refused', () => {
      const { results } = apply(aState(), aDeletion({ messageId: 4 }));

      expect(changesOf(results)).toEqual(['message_not_found']);
    });
  });
});
