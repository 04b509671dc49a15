import { aMessage, messages } from '../../test/support/a-message';
import { NewestMessages } from './newest-messages';

const idsOf = (newest: NewestMessages) => newest.page().messages.map(({ id }) => id);

describe('NewestMessages', () => {
  it('is the page that it was given', () => {
    const newest = new NewestMessages({ messages: messages(4, 6), has_more: true }, 3);

    expect(newest.page()).toEqual({ messages: messages(4, 6), has_more: true, next_cursor: 4 });
  });

  it('has no next page when it holds the room’s first message', () => {
    const newest = new NewestMessages({ messages: messages(1, 2), has_more: false }, 3);

    expect(newest.page()).toMatchObject({ has_more: false, next_cursor: null });
  });

  it('takes new messages, and lets the oldest go beyond its size', () => {
    const newest = new NewestMessages({ messages: messages(1, 2), has_more: false }, 3);

    newest.apply(messages(3, 5));

    expect(newest.page()).toEqual({ messages: messages(3, 5), has_more: true, next_cursor: 3 });
  });

  it('begins with an empty room', () => {
    const newest = new NewestMessages({ messages: [], has_more: false }, 3);

    newest.apply(messages(1, 2));

    expect(newest.page()).toEqual({ messages: messages(1, 2), has_more: false, next_cursor: null });
  });

  it('replaces a message that changed, in its place', () => {
    const newest = new NewestMessages({ messages: messages(1, 3), has_more: false }, 3);
    const edited = aMessage({ id: 2, seq: 4, content: 'better' });

    newest.apply([edited]);

    expect(newest.page().messages).toEqual([aMessage({ id: 1 }), edited, aMessage({ id: 3 })]);
  });

  it('does not bring back a message that has left the page', () => {
    const newest = new NewestMessages({ messages: messages(4, 6), has_more: true }, 3);

    newest.apply([aMessage({ id: 3, seq: 7 })]);

    expect(idsOf(newest)).toEqual([4, 5, 6]);
  });

  it('takes the last of several states of one message', () => {
    const newest = new NewestMessages({ messages: [], has_more: false }, 3);

    newest.apply([aMessage({ id: 1, seq: 1 }), aMessage({ id: 1, seq: 2, content: 'second' })]);

    expect(newest.page().messages).toEqual([aMessage({ id: 1, seq: 2, content: 'second' })]);
  });

  it('puts a new message that was edited in its place, though a newer one stands before it on the page', () => {
    const newest = new NewestMessages({ messages: messages(1, 2), has_more: false }, 5);

    newest.apply([aMessage({ id: 4, seq: 4 }), aMessage({ id: 3, seq: 5, content: 'edited' })]);

    expect(idsOf(newest)).toEqual([1, 2, 3, 4]);
  });

  it('puts a new message that was edited in its place, though newer ones came with the page before', () => {
    const newest = new NewestMessages({ messages: messages(1, 2), has_more: false }, 5);
    newest.apply([aMessage({ id: 4, seq: 4 }), aMessage({ id: 5, seq: 5 })]);

    newest.apply([aMessage({ id: 6, seq: 6 }), aMessage({ id: 3, seq: 7, content: 'edited' })]);

    expect(idsOf(newest)).toEqual([2, 3, 4, 5, 6]);
  });

  it('finds a message to replace, though one before it is still missing', () => {
    const newest = new NewestMessages({ messages: messages(1, 2), has_more: false }, 5);
    newest.apply([aMessage({ id: 4, seq: 4 })]);

    newest.apply([aMessage({ id: 2, seq: 5, content: 'better' })]);

    expect(newest.page().messages).toEqual([
      aMessage({ id: 1 }),
      aMessage({ id: 2, seq: 5, content: 'better' }),
      aMessage({ id: 4, seq: 4 }),
    ]);
  });

  it('shows a new name of an author', () => {
    const newest = new NewestMessages({ messages: messages(1, 1), has_more: false }, 3);

    newest.rename(1, 'Countess');

    expect(newest.page().messages[0]!.username).toBe('Countess');
  });
});
