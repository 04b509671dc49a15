import { ChatError } from '../../src/common/chat-error';
import type { Appended } from '../../src/realtime/room-log';
import { ISO_TIME, numbers, type RoomLogScene } from './room-log-scene';

/** How new messages are numbered, and how those sent again are told. */
export function describeMessages(sceneOf: () => RoomLogScene): void {
  let scene: RoomLogScene;
  beforeEach(() => {
    scene = sceneOf();
  });

  describe('numbering', () => {
    it('gives each room’s messages and changes the numbers 1, 2, 3 …', async () => {
      const results: Appended[] = [];
      for (let call = 0; call < 5; call++) {
        results.push(
          ...(await scene.append(
            scene.says('a'),
            scene.says('b', { roomId: scene.otherRoom }),
            scene.says('c'),
          )),
        );
      }

      const of = (roomId: number) =>
        results.filter(({ message }) => message.room_id === roomId).flatMap(numbers);
      const upTo = (end: number) => Array.from({ length: end }, (_, i) => ({ seq: i + 1, id: i + 1 }));
      expect(of(scene.room)).toEqual(upTo(10));
      expect(of(scene.otherRoom)).toEqual(upTo(5));
    });

    it('keeps the order of one call', async () => {
      const contents = Array.from({ length: 120 }, (_, index) => `message ${index}`);

      await scene.append(
        ...contents.map((content, i) =>
          scene.says(content, { roomId: i % 3 ? scene.room : scene.otherRoom }),
        ),
      );

      const inRoom = (await scene.log.recent(scene.room, 200)).messages.map(({ content }) => content);
      const inOther = (await scene.log.recent(scene.otherRoom, 200)).messages.map(({ content }) => content);
      expect(inRoom).toEqual(contents.filter((_, i) => i % 3 !== 0));
      expect(inOther).toEqual(contents.filter((_, i) => i % 3 === 0));
    });

    it('keeps every text as it is, whatever it would mean to a database', async () => {
      const contents = [
        '"quoted"',
        'back\\slash, \\" and a last \\',
        '{a,b}',
        'NULL',
        "'; DROP TABLE messages; --",
        '$1 $& {{}} \n',
        'two\nlines\tand\r\nmore',
        ' , ',
        '😀 é e\u0301 \u2028',
      ];

      await scene.append(...contents.map((content) => scene.says(content, { clientMsgId: `id ${content}` })));

      const { messages } = await scene.log.recent(scene.room, 200);
      expect(messages.map(({ content }) => content)).toEqual(contents);
      expect(messages.map(({ client_msg_id }) => client_msg_id)).toEqual(
        contents.map((content) => `id ${content}`),
      );
    });

    it('keeps it in each room of one call, whatever is done in the others', async () => {
      const elsewhere = { roomId: scene.otherRoom };
      await scene.append(scene.says('first'));

      const results = await scene.append(
        scene.says('one', elsewhere),
        scene.edits(1, 'first, that is'),
        scene.says('two', elsewhere),
        scene.says('second'),
      );

      expect(results.map(numbers)).toEqual([
        [{ seq: 1, id: 1 }],
        [{ seq: 2, id: 1 }],
        [{ seq: 2, id: 2 }],
        [{ seq: 3, id: 2 }],
      ]);
      expect(results.map(({ message }) => message.content)).toEqual([
        'one',
        'first, that is',
        'two',
        'second',
      ]);
    });

    it('leaves no hole for what is refused, changes nothing, or was stored before', async () => {
      await scene.append(scene.says('one', { clientMsgId: 'c1' }));
      await scene.log.append([
        scene.edits(9, 'no such message'),
        scene.edits(1, 'one'),
        scene.says('one', { clientMsgId: 'c1' }),
        scene.says('to nobody', { replyToId: 9 }),
      ]);

      const [next] = await scene.append(scene.says('two'));

      expect(numbers(next!)).toEqual([{ seq: 2, id: 2 }]);
    });

    it('draws the time with the numbers', async () => {
      const results = [
        ...(await scene.append(scene.says('a'), scene.says('b'))),
        ...(await scene.append(scene.says('c'))),
      ];

      const times = results.map(({ message }) => message.created_at);
      expect(times.every((time) => ISO_TIME.test(time))).toBe(true);
      expect([...times].sort()).toEqual(times);
    });
  });

  describe('a new message', () => {
    it('is announced as it can be read from then on', async () => {
      const content = 'Ünïcödé 👩🏽‍🚀 \u2028 "quoted" \\ {not,an,array}';

      const [appended] = await scene.append(scene.says(content, { clientMsgId: 'c1' }));

      expect(appended).toEqual({
        isDuplicate: false,
        message: expect.objectContaining({ id: 1, seq: 1, kind: 'user', room_id: scene.room, content }),
        changes: [{ roomId: scene.room, seq: 1, type: 'message', message: appended!.message }],
      });
      expect(appended!.message).toMatchObject({ user_id: scene.ada, username: 'Ada', client_msg_id: 'c1' });
      expect((await scene.log.recent(scene.room, 10)).messages).toEqual([appended!.message]);
      expect((await scene.log.changesAfter(scene.room, 0, 10)).messages).toEqual([appended!.message]);
    });

    it('that cannot be stored is refused alone', async () => {
      const [first, refused, last] = await scene.log.append([
        scene.says('a'),
        scene.says('nul: \0'),
        scene.says('b'),
      ]);

      expect(refused).toBeInstanceOf(ChatError);
      expect((refused as ChatError).details.outcome).toBe('not_stored');
      expect([first, last].map((result) => numbers(result as Appended)[0]!.id)).toEqual([1, 2]);
    });
  });

  describe('a change that cannot be stored', () => {
    it('is refused alone, whatever else there is to be stored', async () => {
      await scene.append(scene.says('before'));

      const results = await scene.log.append([
        scene.says('elsewhere', { roomId: scene.otherRoom }),
        scene.says('nul: \0', { replyToId: 1 }),
        scene.edits(1, 'after'),
      ]);

      expect(results.map((result) => result instanceof ChatError)).toEqual([false, true, false]);
    });
  });

  describe('a message sent again under its name', () => {
    it('in one call is stored once', async () => {
      const draft = scene.says('once', { clientMsgId: 'c1' });

      const results = await scene.append(draft, scene.says('between'), { ...draft });

      expect(results.map(({ isDuplicate }) => isDuplicate)).toEqual([false, false, true]);
      expect(results[2]).toEqual({ ...results[0], isDuplicate: true, changes: [] });
      expect((await scene.log.recent(scene.room, 10)).messages).toHaveLength(2);
    });

    it('in a later call, among new ones, is answered with the stored one', async () => {
      const [stored] = await scene.append(scene.says('once', { clientMsgId: 'c1' }));

      const [before, again, after] = await scene.append(
        scene.says('new', { clientMsgId: 'c2' }),
        scene.says('other words', { clientMsgId: 'c1' }),
        scene.says('newer', { clientMsgId: 'c3' }),
      );

      expect(again).toEqual({ ...stored, isDuplicate: true, changes: [] });
      expect([before, after].flatMap((result) => numbers(result!))).toEqual([
        { seq: 2, id: 2 },
        { seq: 3, id: 3 },
      ]);
    });

    it('after an edit is answered with the edited one', async () => {
      await scene.append(scene.says('once', { clientMsgId: 'c1' }));
      await scene.append(scene.edits(1, 'better'));

      const [again] = await scene.append(scene.says('once', { clientMsgId: 'c1' }));

      expect(again).toMatchObject({ isDuplicate: true, changes: [], message: { id: 1, seq: 2 } });
      expect(again!.message.content).toBe('better');
    });

    it('right after an edit, in one call, is answered with the edited one', async () => {
      await scene.append(scene.says('once', { clientMsgId: 'c1' }));

      const [edited, again] = await scene.append(
        scene.edits(1, 'better'),
        scene.says('once', { clientMsgId: 'c1' }),
      );

      expect(again).toEqual({ message: edited!.message, isDuplicate: true, changes: [] });
    });

    it('after its deletion is not stored anew', async () => {
      await scene.append(scene.says('once', { clientMsgId: 'c1' }));
      await scene.append(scene.deletes(1));

      const [again] = await scene.append(scene.says('once', { clientMsgId: 'c1' }));

      expect(again).toMatchObject({ isDuplicate: true, changes: [], message: { id: 1, content: null } });
      expect((await scene.log.recent(scene.room, 10)).messages).toHaveLength(1);
    });

    it('as a reply counts once', async () => {
      const reply = scene.says('me too', { clientMsgId: 'c1', replyToId: 1 });
      await scene.append(scene.says('hello'), reply);

      const [again] = await scene.append(reply);

      expect(again).toMatchObject({ isDuplicate: true, changes: [] });
      expect((await scene.log.recent(scene.room, 10)).messages[0]!.reply_count).toBe(1);
    });

    it('by another author, or in another scene.room, is another message', async () => {
      const draft = scene.says('hello', { clientMsgId: 'c1' });

      const results = await scene.append(
        draft,
        { ...draft, userId: scene.bob, username: 'Bob' },
        { ...draft, roomId: scene.otherRoom },
      );

      expect(results.map(({ isDuplicate }) => isDuplicate)).toEqual([false, false, false]);
    });
  });
}
