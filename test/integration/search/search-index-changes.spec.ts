import { aDeletion, aPin, aReaction, anEdit } from '../../support/a-message';
import { indexAll } from '../../support/search-index';
import { SearchIndexStage } from '../../support/search-index-stage';

let stage: SearchIndexStage;

beforeAll(async () => {
  stage = await SearchIndexStage.open();
});
beforeEach(() => stage.clear());
afterAll(() => stage.close());

describe("The search's index, of what is changed,", () => {
  it('has the words of a message as they are, soon after', async () => {
    await stage.say(40, 1, 'first');
    await stage.index.takeIn();
    await stage.log.append([anEdit({ messageId: 7, content: 'second thoughts' })]);
    await stage.index.takeIn();
    const edited = await stage.words();
    await stage.log.append([aDeletion({ messageId: 7 })]);
    await stage.index.takeIn();

    expect(edited).toEqual(['first', 'said', 'second', 'they', 'thoughts']);
    expect(await stage.words()).toEqual(['first', 'said', 'they']);
    expect(await stage.waiting()).toEqual({});
    expect(await stage.ids()).toEqual([[1, 40]]);
  });

  it('forgets the words of a room in which everything has been deleted', async () => {
    await stage.say(32, 1, 'gone');
    await stage.index.takeIn();
    await stage.log.append(Array.from({ length: 32 }, (_, n) => aDeletion({ messageId: n + 1 })));
    await stage.index.takeIn();

    expect(await stage.stretches()).toEqual([]);
  });

  it('takes in what was changed before it came to it', async () => {
    await stage.say(3, 1, 'first');
    await stage.log.append([anEdit({ messageId: 2, content: 'second' }), aDeletion({ messageId: 3 })]);
    await stage.index.takeIn();
    const before = [await stage.waiting(), await stage.ids()];
    await stage.index.takeIn(0);

    expect(before).toEqual([{ 1: 3 }, []]);
    expect(await stage.stretches()).toEqual([
      { roomId: 1, ids: [1, 2], words: ['first', 'said', 'second', 'they'], authors: [1] },
    ]);
  });

  it('makes a changed row again by itself, or with what follows it', async () => {
    await stage.say(100, 1, 'first');
    await stage.index.takeIn();
    await stage.say(32, 1, 'later');
    await stage.log.append([anEdit({ messageId: 50, content: 'changed' }), aDeletion({ messageId: 100 })]);
    await stage.index.takeIn();

    expect(await stage.ids()).toEqual([
      [1, 34],
      [35, 67],
      [68, 99],
      [101, 132],
    ]);
    expect(await stage.words(1)).toEqual(['changed', 'first', 'said', 'they']);
    expect(await stage.misplaced()).toEqual([]);
  });

  it('takes few changes at a time, since each is a row of many messages', async () => {
    await stage.say(40 * 32);
    await stage.index.takeIn();
    await stage.log.append(Array.from({ length: 40 }, (_, n) => anEdit({ messageId: 32 * n + 1 })));

    expect([await stage.index.takeIn(), await stage.index.takeIn(), await stage.index.takeIn()]).toEqual([
      2048, 512, 0,
    ]);
  });

  it('has nothing to do with what leaves the words as they are', async () => {
    await stage.say(32);
    await stage.index.takeIn();
    await stage.log.append([aReaction(), aPin(), anEdit({ content: 'number1, they said' })]);

    expect(await stage.waiting()).toEqual({});
  });

  it('holds what short messages become when they are edited', async () => {
    const letter = (n: number) => String.fromCodePoint(0x20000 + (n % 40_000));
    const content = (n: number) =>
      Array.from({ length: 2000 }, (_, m) => letter(m * 63 + n) + letter(m)).join(' ');
    await stage.say(63);
    await stage.index.takeIn();
    await stage.log.append(
      Array.from({ length: 63 }, (_, n) => anEdit({ messageId: n + 1, content: content(n) })),
    );
    await indexAll(stage.index);

    expect((await stage.ids()).length).toBeGreaterThan(20);
    expect(await stage.misplaced()).toEqual([]);
  });
});
