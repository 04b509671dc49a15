import { aMessage, messages } from '../../test/support/a-message';
import { RecentChanges } from './recent-changes';

const seqsAfter = (recent: RecentChanges, seq: number) =>
  recent.after(seq)?.map((message) => message.seq) ?? null;

describe('RecentChanges', () => {
  it('gives what changed after a position, by seq', () => {
    const recent = new RecentChanges(10, 100);

    recent.push(messages(11, 15));

    expect(seqsAfter(recent, 10)).toEqual([11, 12, 13, 14, 15]);
    expect(seqsAfter(recent, 13)).toEqual([14, 15]);
    expect(seqsAfter(recent, 15)).toEqual([]);
  });

  it('cannot answer for a position below its floor', () => {
    const recent = new RecentChanges(10, 100);

    recent.push(messages(11, 15));

    expect(recent.after(9)).toBeNull();
  });

  it('gives a message that changed twice once, in its latest state and place', () => {
    const recent = new RecentChanges(0, 100);

    recent.push([
      aMessage({ id: 1, seq: 1, content: 'first' }),
      aMessage({ id: 2, seq: 2 }),
      aMessage({ id: 1, seq: 3, content: 'second' }),
    ]);

    expect(recent.after(0)).toEqual([
      aMessage({ id: 2, seq: 2 }),
      aMessage({ id: 1, seq: 3, content: 'second' }),
    ]);
  });

  it('finds its place among numbers with holes, as a page of the log leaves them', () => {
    const recent = new RecentChanges(0, 100);

    recent.push([3, 7, 10].map((seq) => aMessage({ id: seq, seq })));

    expect([2, 3, 4, 7, 9, 10].map((seq) => seqsAfter(recent, seq))).toEqual([
      [3, 7, 10],
      [7, 10],
      [7, 10],
      [10],
      [10],
      [],
    ]);
  });

  it('forgets the oldest beyond its size, and says so with its floor', () => {
    const recent = new RecentChanges(0, 3);

    recent.push(messages(1, 5));

    expect(recent.floor).toBe(2);
    expect(seqsAfter(recent, 2)).toEqual([3, 4, 5]);
    expect(recent.after(1)).toBeNull();
  });

  it('keeps fewer long messages', () => {
    const recent = new RecentChanges(0, 1000);
    const long = messages(1, 600).map((message) => ({ ...message, content: 'x'.repeat(4000) }));

    recent.push(long);

    expect(recent.floor).toBe(100);
    expect(seqsAfter(recent, 100)).toHaveLength(500);
  });

  it('keeps fewer messages that many react to', () => {
    const recent = new RecentChanges(0, 1000);
    const user_ids = Array.from({ length: 5000 }, (_, index) => index + 1);
    const loved = messages(1, 200).map((message) => ({
      ...message,
      reactions: [{ emoji: '👍', count: user_ids.length, user_ids }],
    }));

    recent.push(loved);

    expect(recent.after(200 - 66)).toHaveLength(66);
    expect(recent.after(200 - 67)).toBeNull();
  });

  it('reaches further back once it has been given what the log has there', () => {
    const recent = new RecentChanges(10, 100);
    recent.push(messages(11, 12));

    recent.extendBack(7, messages(8, 10));

    expect(recent.floor).toBe(7);
    expect(seqsAfter(recent, 7)).toEqual([8, 9, 10, 11, 12]);
  });

  it('takes from behind its floor only what it does not have', () => {
    const recent = new RecentChanges(10, 100);
    recent.push(messages(11, 12));

    recent.extendBack(8, messages(9, 12));

    expect(seqsAfter(recent, 8)).toEqual([9, 10, 11, 12]);
  });

  it('is not shortened by a reading that reaches less far', () => {
    const recent = new RecentChanges(5, 100);
    recent.push(messages(6, 8));

    recent.extendBack(6, messages(7, 8));

    expect(recent.floor).toBe(5);
    expect(seqsAfter(recent, 5)).toEqual([6, 7, 8]);
  });

  it('keeps to its size when it is extended', () => {
    const recent = new RecentChanges(10, 4);
    recent.push(messages(11, 12));

    recent.extendBack(5, messages(6, 10));

    expect(recent.floor).toBe(8);
    expect(seqsAfter(recent, 8)).toEqual([9, 10, 11, 12]);
  });

  it('shows a new name of an author, and leaves the others theirs', () => {
    const recent = new RecentChanges(0, 100);
    recent.push([aMessage({ id: 1, user_id: 1 }), aMessage({ id: 2, user_id: 2, username: 'Bob' })]);

    recent.rename(1, 'Countess');

    expect(recent.after(0)!.map(({ username }) => username)).toEqual(['Countess', 'Bob']);
  });
});
