import { aDeletion, aDraft, aMessage, anEdit } from '../../test/support/a-message';
import { ChatError } from '../common/chat-error';
import type { Message } from '../protocol/models';
import type { Appended, Draft } from '../realtime/room-log';
import { authorKey, type BatchState, LogBatch, messageKey } from './log-batch';

const NOW = '2026-02-02T00:00:00.000Z';

/** Room 1 with ten messages stored, twelve changes so far, and what is read of them for the drafts. */
function aState(...stored: Message[]): BatchState {
  const named = stored.filter(({ client_msg_id }) => client_msg_id !== null);
  return {
    rooms: new Map([
      [1, { id: 1, lastSeq: 12, lastMessageId: 10, isActive: true }],
      [2, { id: 2, lastSeq: 0, lastMessageId: 0, isActive: true }],
      [3, { id: 3, lastSeq: 0, lastMessageId: 0, isActive: false }],
    ]),
    messages: new Map(stored.map((message) => [messageKey(message.room_id, message.id), message])),
    byClientMsgId: new Map(
      // Read by a statement of its own: equal, but not the same objects.
      named.map((message) => [
        authorKey(message.room_id, message.user_id, message.client_msg_id!),
        { ...message },
      ]),
    ),
    now: NOW,
  };
}

describe('LogBatch', () => {
  function apply(state: BatchState, ...drafts: Draft[]) {
    const batch = new LogBatch(state);
    return { batch, results: drafts.map((draft) => batch.apply(draft)) };
  }

  /** For each result its changes as `id@seq`, or the code of the refusal. */
  const changesOf = (results: (Appended | ChatError)[]) =>
    results.map((result) =>
      result instanceof ChatError
        ? result.code
        : result.changes.map(({ seq, message }) => `${message.id}@${seq}`).join(' '),
    );

  const messageOf = (result: Appended | ChatError | undefined): Message => {
    if (!result || result instanceof ChatError) throw new Error('there is no message');
    return result.message;
  };

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
        aDeletion({ messageId: 4, canModerate: true }),
      );

      expect(changesOf(results)).toEqual(['forbidden', '4@13']);
    });

    it('of a message that is not there is refused', () => {
      const { results } = apply(aState(), aDeletion({ messageId: 4 }));

      expect(changesOf(results)).toEqual(['message_not_found']);
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
