import { SearchIndexRepository } from '../../../src/search/search-index.repository';
import { aDraft } from '../../support/a-message';
import { waitingFor } from '../../support/hold-table';
import { indexAll } from '../../support/search-index';
import { ROOMS, SearchIndexStage } from '../../support/search-index-stage';
import { until } from '../../support/until';

let stage: SearchIndexStage;

beforeAll(async () => {
  stage = await SearchIndexStage.open();
});
beforeEach(() => stage.clear());
afterAll(() => stage.close());

describe("The search's index", () => {
  it('takes a room in once it has enough to say', async () => {
    await stage.say(31);
    await stage.index.takeIn();
    const before = await stage.ids();
    await stage.say(1);
    await stage.index.takeIn();

    expect(before).toEqual([]);
    expect(await stage.ids()).toEqual([[1, 32]]);
    expect(await stage.waiting()).toEqual({});
  });

  it.each([
    [63, [[1, 63]]],
    [
      64,
      [
        [1, 32],
        [33, 64],
      ],
    ],
    [
      100,
      [
        [1, 34],
        [35, 67],
        [68, 100],
      ],
    ],
  ])('has rows of 32 to 63 messages: of %i', async (count, ids) => {
    await stage.say(count);
    await stage.index.takeIn();

    expect(await stage.ids()).toEqual(ids);
  });

  it('has each author once', async () => {
    await stage.log.append(
      Array.from({ length: 40 }, (_, n) => aDraft({ content: 'authors', userId: 1 + (n % 3) })),
    );
    await stage.index.takeIn();

    expect(await stage.stretches()).toEqual([
      { roomId: 1, ids: [1, 40], words: ['authors'], authors: [1, 2, 3] },
    ]);
  });

  it('has what nobody known has said', async () => {
    await stage.dataSource.query(
      `INSERT INTO messages (room_id, id, seq, user_id, content, created_at) SELECT 1, n, n, NULL, 'hello', now() FROM generate_series(1, 32) n`,
    );
    await stage.dataSource.query(`INSERT INTO search_backlog (room_id, first_id, last_id) VALUES (1, 1, 32)`);
    await stage.index.takeIn();

    expect(await stage.stretches()).toEqual([{ roomId: 1, ids: [1, 32], words: ['hello'], authors: [0] }]);
  });

  it('has each word once', async () => {
    await stage.say(40);
    await stage.index.takeIn();

    const words = ['said', 'they', ...Array.from({ length: 40 }, (_, n) => `number${n + 1}`)];
    expect(await stage.words()).toEqual(words.sort());
  });

  it('leaves rooms of few messages for later as long as those are few, and the smallest longest', async () => {
    for (let roomId = 1; roomId <= ROOMS; roomId++) await stage.say(roomId <= 90 ? 20 : 25, roomId);
    await stage.index.takeIn();
    const before = await stage.waiting();
    await stage.say(1, 91);
    await stage.index.takeIn();

    // 90 × 20 and 8 × 25 are 2000.
    expect(Object.values(before).reduce((sum, size) => sum + size)).toBe(2000);
    expect(Object.keys(before)).toHaveLength(98);
    expect((await stage.waiting())[91]).toBeUndefined();
  });

  it('takes two thousand messages or so at a time, of each room the oldest', async () => {
    for (let n = 0; n < 60; n++) await stage.say(50, 1 + (n % 2));

    const messages: number[] = [];
    for (let taken = await stage.index.takeIn(); taken; taken = await stage.index.takeIn()) {
      messages.push(taken);
      expect(await stage.misplaced()).toEqual([]);
    }

    expect(messages).toEqual([2000, 1000]);
  });

  it('makes the last row of a room longer while it is short, unless what comes is little beside it', async () => {
    const lengths: unknown[] = [];
    for (const count of [2, 1, 10, 40, 1, 1, 7, 1, 1, 1]) {
      await stage.say(count);
      await stage.index.takeIn(0);
      lengths.push((await stage.ids()).map(([first, last]) => last - first + 1));
      expect(await stage.misplaced()).toEqual([]);
    }

    expect(lengths).toEqual([
      [2],
      [3],
      [13],
      [53],
      [53, 1],
      [53, 2],
      [53, 9],
      [53, 9, 1],
      [53, 9, 2],
      [53, 9, 3],
    ]);
  });

  it('holds long messages of nothing but different words', async () => {
    const letter = (n: number) => String.fromCodePoint(0x20000 + (n % 40_000));
    const content = (n: number) =>
      Array.from({ length: 7000 }, (_, m) => letter(m * 40 + n) + letter(m)).join(' ');
    await stage.log.append(Array.from({ length: 40 }, (_, n) => aDraft({ content: content(n) })));
    await stage.index.takeIn();

    expect(await stage.waiting()).toEqual({});
    expect((await stage.ids()).length).toBeGreaterThan(10);
    expect(await stage.misplaced()).toEqual([]);
  });

  it('is written by one at a time', async () => {
    await stage.say(500);

    const nodes = Array.from({ length: 4 }, () => new SearchIndexRepository(stage.config));

    const taken = await Promise.all(nodes.map((node) => node.takeIn()));
    await Promise.all(nodes.map((node) => node.onApplicationShutdown()));

    expect(taken.filter(Boolean)).toEqual([500]);
    expect(await stage.misplaced()).toEqual([]);
  });

  it('stays as it was if it cannot be written, and so does what waits', async () => {
    await stage.say(64);
    await stage.dataSource.query('ALTER TABLE search_stretches ADD CONSTRAINT refused CHECK (first_id < 33)');
    await expect(stage.index.takeIn()).rejects.toThrow('refused');
    const before = [await stage.waiting(), await stage.ids()];
    await stage.dataSource.query('ALTER TABLE search_stretches DROP CONSTRAINT refused');
    await indexAll(stage.index);

    expect(before).toEqual([{ 1: 64 }, []]);
    expect(await stage.ids()).toHaveLength(2);
  });

  it('is given up with the node, and nothing is lost', async () => {
    await stage.say(64);
    const ending = new SearchIndexRepository(stage.config);
    const holder = stage.dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('LOCK TABLE messages IN ACCESS EXCLUSIVE MODE');
    const call = ending.takeIn().then(
      () => 'taken in',
      () => 'given up',
    );
    await waitingFor(stage.dataSource, 'messages');
    await ending.onApplicationShutdown();
    const outcome = await call;
    await holder.rollbackTransaction();
    await holder.release();
    await until(() => indexAll(stage.index));

    expect(outcome).toBe('given up');
    expect(await stage.ids()).toHaveLength(2);
    expect(await stage.misplaced()).toEqual([]);
  });
});
