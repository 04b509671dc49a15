import { aDeletion, aDraft, aMessage, anEdit } from '../../test/support/a-message';
import { aState, apply, changesOf, messageOf, NOW } from '../../test/support/log-batch-stage';
import type { Appended } from '../realtime/room-log';

describe('LogBatch', () => {
  describe('a new message', () => {
    it('takes its room’s next numbers', () => {
      const { results } = apply(aState(), aDraft(), aDraft(), aDraft({ roomId: 2 }));

      expect(changesOf(results)).toEqual(['11@13', '12@14', '1@1']);
    });

    it('holds what its author gave, and the time of the batch', () => {
      const draft = aDraft({ content: 'hi', clientMsgId: 'c1', userId: 7, username: 'Grace' });

      const { results, batch } = apply(aState(), draft);

      const message = aMessage({
        id: 11,
        seq: 13,
        user_id: 7,
        username: 'Grace',
        content: 'hi',
        client_msg_id: 'c1',
        created_at: NOW,
      });
      const change = { roomId: 1, seq: 13, type: 'message', message };
      expect(results).toEqual([{ message, isDuplicate: false, changes: [change] }]);
      expect([...batch.inserted]).toEqual([message]);
    });

    it.each([
      [3, 'closed'],
      [9, 'absent'],
    ])('is refused in room %i, which is %s', (roomId) => {
      const { results, batch } = apply(aState(), aDraft({ roomId }));

      expect(results).toMatchObject([{ code: 'room_not_found', details: { roomId, outcome: 'not_stored' } }]);
      expect(batch.touchedRooms.size).toBe(0);
    });
  });

  describe('a message sent again', () => {
    const stored = aMessage({ id: 4, seq: 5, client_msg_id: 'c1' });

    it('is answered with the stored one, and takes no number', () => {
      const { results } = apply(aState(stored), aDraft({ clientMsgId: 'c1', content: 'else' }), aDraft());

      expect(results[0]).toEqual({ message: stored, isDuplicate: true, changes: [] });
      expect(changesOf(results)).toEqual(['', '11@13']);
    });

    it('within one batch is stored once', () => {
      const draft = aDraft({ clientMsgId: 'c2' });

      const { results, batch } = apply(aState(), draft, draft);

      expect(changesOf(results)).toEqual(['11@13', '']);
      expect(results[1]).toEqual({ message: messageOf(results[0]), isDuplicate: true, changes: [] });
      expect(batch.inserted.size).toBe(1);
    });

    it('after an edit in the same batch is answered with the edited one', () => {
      const state = aState(stored);

      const { results } = apply(state, anEdit({ messageId: 4 }), aDraft({ clientMsgId: 'c1' }));

      expect(messageOf(results[1])).toMatchObject({ id: 4, seq: 13, content: 'hello again' });
    });

    it.each([
      ['another author', { userId: 2 }],
      ['another room', { roomId: 2 }],
      ['another name', { clientMsgId: 'c3' }],
    ])('is another message for %s', (_, difference) => {
      const { results } = apply(aState(stored), aDraft({ clientMsgId: 'c1', ...difference }));

      expect(results).toMatchObject([{ isDuplicate: false }]);
    });

    it('without a name is always another message', () => {
      const { results } = apply(aState(), aDraft(), aDraft());

      expect(changesOf(results)).toEqual(['11@13', '12@14']);
    });
  });

  describe('a reply', () => {
    it('changes the message that it answers, which takes the number behind it', () => {
      const parent = aMessage({ id: 4, seq: 5, reply_count: 1 });

      const { results, batch } = apply(aState(parent), aDraft({ replyToId: 4 }));

      expect(changesOf(results)).toEqual(['11@13 4@14']);
      const { changes } = results[0] as Appended;
      expect(changes.map(({ type }) => type)).toEqual(['message', 'message_updated']);
      expect(changes[1]!.message).toMatchObject({ id: 4, reply_count: 2 });
      expect([...batch.updated]).toEqual([changes[1]!.message]);
    });

    it('may answer a message of the same batch, which is written once, as it is at the end', () => {
      const { results, batch } = apply(aState(), aDraft(), aDraft({ replyToId: 11 }));

      expect(changesOf(results)).toEqual(['11@13', '12@14 11@15']);
      expect([...batch.inserted]).toMatchObject([
        { id: 11, seq: 15, reply_count: 1 },
        { id: 12, seq: 14 },
      ]);
      expect(batch.updated.size).toBe(0);
    });

    it('keeps in each change the state of that moment', () => {
      const { results } = apply(aState(), aDraft(), aDraft({ replyToId: 11 }));

      expect(messageOf(results[0])).toMatchObject({ id: 11, seq: 13, reply_count: 0 });
    });

    it.each([
      ['a message that is not there', 9],
      ['itself', 11],
    ])('to %s is refused, and takes no number', (_, replyToId) => {
      const { results } = apply(aState(), aDraft({ replyToId }), aDraft());

      expect(changesOf(results)).toEqual(['validation_failed', '11@13']);
      expect(results[0]).toMatchObject({
        details: { outcome: 'not_stored', fields: [{ field: 'reply_to_id' }] },
      });
    });

    it('sent again counts once', () => {
      const draft = aDraft({ replyToId: 4, clientMsgId: 'c1' });

      const { results } = apply(aState(aMessage({ id: 4, seq: 5 })), draft, draft);

      expect(changesOf(results)).toEqual(['11@13 4@14', '']);
    });
  });

  it('numbers everything in the order of the drafts', () => {
    const { results, batch } = apply(
      aState(aMessage({ id: 4, seq: 5 })),
      aDraft(),
      anEdit({ messageId: 4 }),
      aDraft({ roomId: 2 }),
      aDraft({ replyToId: 4 }),
      aDeletion({ messageId: 11 }),
    );

    expect(changesOf(results)).toEqual(['11@13', '4@14', '1@1', '12@15 4@16', '11@17']);
    expect([...batch.touchedRooms]).toMatchObject([
      { id: 1, lastSeq: 17, lastMessageId: 12 },
      { id: 2, lastSeq: 1, lastMessageId: 1 },
    ]);
  });
});
