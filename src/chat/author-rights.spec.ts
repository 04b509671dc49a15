import { aDeletion, aDraft, anEdit, aMessage, aPin, aReaction } from '../../test/support/a-message';
import { aMember, apply, aRoom, aState, changesOf } from '../../test/support/log-batch-stage';
import type { Draft } from '../realtime/room-log';
import type { AuthorFacts } from './author-rights';
import type { LockedRoomRow } from './batch-state';

const NOW = Date.UTC(2026, 1, 2);

/** What becomes of drafts of Ada's about her own message, when this is found of her and the room. */
function outcome(facts: Partial<AuthorFacts>, room: Partial<LockedRoomRow>, ...drafts: Draft[]): string[] {
  const state = aState(aMessage({ id: 1 }));
  state.rooms.set(1, aRoom({ id: 1, lastSeq: 1, lastMessageId: 1, ...room }));
  state.authors = new Map([aMember(1, 1, facts)]);
  return changesOf(apply(state, ...drafts).results);
}

const ALL: Draft[] = [aDraft(), anEdit(), aReaction({ emoji: '👍' }), aPin({ isAdmin: false }), aDeletion()];
const ALIKE = (code: string) => ALL.map(() => code);

describe('AuthorRights', () => {
  it('know nobody in a private room but its members', () => {
    expect(outcome({ role: null }, { visibility: 'private' }, ...ALL)).toEqual(ALIKE('room_not_found'));
  });

  it('let whoever has left a public room mend and delete what they said there', () => {
    expect(outcome({ role: null }, {}, ...ALL)).toEqual([
      'not_a_member',
      '1@2',
      'not_a_member',
      'forbidden',
      '1@3',
    ]);
  });

  it('refuse a banned author everything, as long as the ban lasts', () => {
    expect(outcome({ bannedUntil: NOW + 1 }, {}, ...ALL)).toEqual(ALIKE('banned'));
    expect(outcome({ bannedUntil: Infinity }, {}, ...ALL)).toEqual(ALIKE('banned'));
    expect(outcome({ bannedUntil: NOW }, {}, aDraft())).toEqual(['2@2']);
  });

  it('let a muted author only take back what they said', () => {
    expect(outcome({ mutedUntil: Infinity }, {}, ...ALL)).toEqual([
      'muted',
      'muted',
      'muted',
      'forbidden',
      '1@2',
    ]);
    expect(outcome({ mutedUntil: NOW }, {}, aDraft())).toEqual(['2@2']);
  });

  it.each(['owner', 'moderator'] as const)('let an %s pin, and delete what others said', (role) => {
    const others = aDeletion({ messageId: 1 });
    const state = { role };

    expect(outcome(state, {}, aPin({ isAdmin: false }), others)).toEqual(['1@2 2@3', '1@4']);
  });

  it('hold plain members to the slow mode, from their last message on', () => {
    const slow = { slowModeSeconds: 10 };
    const draft = aDraft({ isSlowed: true });

    expect(outcome({ lastSentAt: NOW - 10_000 }, slow, draft, draft)).toEqual(['2@2', 'rate_limited']);
    expect(outcome({ lastSentAt: NOW - 9_999 }, slow, draft)).toEqual(['rate_limited']);
    expect(outcome({ lastSentAt: NOW, role: 'moderator' }, slow, draft, draft)).toEqual(['2@2', '3@3']);
  });

  it('stop pins and reactions at their limits', () => {
    const react = (emoji: string) => aReaction({ emoji });

    expect(outcome({}, {}, react('👍'), react('🎉'), react('🚀'))).toEqual(['1@2', '1@3', 'limit_reached']);
    expect(outcome({}, { pinnedCount: 1 }, aPin())).toEqual(['limit_reached']);
  });
});
