import { aDeletion, aDraft, anEdit, aMessage } from '../../test/support/a-message';
import { aMember, apply, aState, messageOf } from '../../test/support/log-batch-stage';
import { EVERYONE } from './message-mention.entity';

const [ADA, BOB, EVE] = [1, 2, 7];
const STRANGER = 99;

/** For each row its message and whom it counts for. */
const rows = (counted: { messageId: number; userId: number }[]) =>
  counted.map(({ messageId, userId }) => [messageId, userId]);
const by = (userIds: number[], room = false) => ({ mentions: { userIds, room } });

describe('BatchMentions', () => {
  it('count a new message for whom it names, but not for its author', () => {
    const { batch, results } = apply(aState(), aDraft(by([BOB, ADA, EVE])));

    expect(messageOf(results[0]).mentions).toEqual([BOB, ADA, EVE]);
    expect(batch.mentions.inserted).toEqual([
      { roomId: 1, messageId: 11, userId: BOB, authorId: ADA },
      { roomId: 1, messageId: 11, userId: EVE, authorId: ADA },
    ]);
    expect(batch.mentions.deleted).toEqual([]);
  });

  it('keep one row for everyone, whoever is named beside', () => {
    const { batch } = apply(aState(), aDraft({ isAdmin: true, ...by([BOB], true) }));

    expect(rows(batch.mentions.inserted)).toEqual([[11, EVERYONE]]);
  });

  it('leave out who may not be mentioned at this moment', () => {
    const { batch, results } = apply(aState(), aDraft(by([STRANGER, BOB])));

    expect(messageOf(results[0]).mentions).toEqual([BOB]);
    expect(rows(batch.mentions.inserted)).toEqual([[11, BOB]]);
  });

  it.each([
    ['member', false],
    ['moderator', true],
    ['owner', true],
  ] as const)('let a %s mention everyone: %s', (role, may) => {
    const state = aState();
    state.authors = new Map([aMember(1, ADA, { role })]);

    const { results } = apply(state, aDraft(by([], true)));

    expect(messageOf(results[0]).mentions_room).toBe(may || undefined);
  });

  it('replace the rows of an edited message', () => {
    const stored = aMessage({ mentions: [BOB], user_id: ADA });

    const { batch } = apply(aState(stored), anEdit(by([EVE])));

    expect(rows(batch.mentions.deleted)).toEqual([[1, BOB]]);
    expect(rows(batch.mentions.inserted)).toEqual([[1, EVE]]);
  });

  it('delete the one row of a message that mentioned everyone', () => {
    const stored = aMessage({ mentions: [BOB], mentions_room: true });

    const { batch } = apply(aState(stored), aDeletion());

    expect(rows(batch.mentions.deleted)).toEqual([[1, EVERYONE]]);
    expect(batch.mentions.inserted).toEqual([]);
  });

  it('write what is left in the end, and delete only what was stored', () => {
    const stored = aMessage({ mentions: [BOB] });

    const { batch } = apply(
      aState(stored),
      anEdit({ content: 'a', ...by([EVE]) }),
      anEdit({ content: 'b', ...by([EVE, BOB]) }),
      aDraft(by([BOB])),
      aDeletion({ messageId: 11 }),
    );

    expect(rows(batch.mentions.deleted)).toEqual([[1, BOB]]);
    expect(rows(batch.mentions.inserted)).toEqual([
      [1, EVE],
      [1, BOB],
    ]);
  });
});

describe('Reading marks of a batch', () => {
  const readersOf = (facts: { lastReadId: number }, ...drafts: Parameters<typeof apply>[1][]) => {
    const state = aState(aMessage());
    state.authors = new Map([aMember(1, ADA, facts), aMember(1, BOB, { lastReadId: 10 })]);
    return [...apply(state, ...drafts).batch.readers.values()];
  };

  it('move on with the author who had read everything, up to the first message of another', () => {
    const drafts = [aDraft(), aDraft(), aDraft({ userId: BOB }), aDraft()];

    expect(readersOf({ lastReadId: 10 }, ...drafts)).toEqual([{ roomId: 1, userId: ADA, lastReadId: 12 }]);
  });

  it('stay where there is something to read', () => {
    expect(readersOf({ lastReadId: 9 }, aDraft(), anEdit())).toEqual([]);
  });
});
