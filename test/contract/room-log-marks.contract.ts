import { ISO_TIME, numbers, type RoomLogScene } from './room-log-scene';

/** What reactions and pins change. */
export function describeMarks(sceneOf: () => RoomLogScene): void {
  let scene: RoomLogScene;
  beforeEach(() => {
    scene = sceneOf();
  });
  /** The message that the marks are put on. */
  const aMessageThere = () => scene.append(scene.says('first'));

  describe('reactions', () => {
    beforeEach(aMessageThere);

    it('change the message, and count who gave them', async () => {
      const { ada, bob } = scene;

      const results = await scene.append(
        scene.reacts('👍'),
        scene.reacts('👍', { userId: bob }),
        scene.reacts('🎉'),
      );

      expect(results.flatMap(numbers)).toEqual([
        { seq: 2, id: 1 },
        { seq: 3, id: 1 },
        { seq: 4, id: 1 },
      ]);
      expect((await scene.log.changesAfter(scene.room, 0, 10)).messages[0]!.reactions).toEqual([
        { emoji: '👍', count: 2, user_ids: [ada, bob] },
        { emoji: '🎉', count: 1, user_ids: [ada] },
      ]);
    });

    it('are given once and taken back once', async () => {
      const [, again] = await scene.append(scene.reacts('👍'), scene.reacts('👍'));
      const [gone, goneAgain] = await scene.append(
        scene.reacts('👍', { isOn: false }),
        scene.reacts('👍', { isOn: false }),
      );

      expect(again!.changes).toEqual([]);
      expect(gone!.message.reactions).toEqual([]);
      expect(goneAgain!.changes).toEqual([]);
    });

    it('go with a deleted message, which takes no more', async () => {
      await scene.append(scene.reacts('👍'));

      const [deleted] = await scene.append(scene.deletes(1));

      expect(deleted!.message.reactions).toEqual([]);
      expect(await scene.refusalOf(scene.reacts('🎉'))).toEqual(['message_deleted', 'not_stored']);
    });
  });

  describe('pins', () => {
    beforeEach(aMessageThere);

    it('change the message, and are told by a system message behind it', async () => {
      const [pinned] = await scene.append(scene.pins());
      const [, unpinned] = await scene.append(scene.pins(), scene.pins({ isOn: false }));

      expect(pinned!.changes).toMatchObject([
        { seq: 2, type: 'message_updated', message: { id: 1, pinned_at: expect.stringMatching(ISO_TIME) } },
        {
          seq: 3,
          type: 'message',
          message: { id: 2, kind: 'system', content: null, event: { type: 'message_pinned', message_id: 1 } },
        },
      ]);
      expect(unpinned!.changes).toMatchObject([
        { seq: 4, message: { id: 1, pinned_at: null } },
        { seq: 5, message: { id: 3, event: { type: 'message_unpinned', message_id: 1 } } },
      ]);
    });

    it('are for moderators', async () => {
      const refusal = await scene.refusalOf(scene.pins({ isAdmin: false }));

      expect(refusal).toEqual(['forbidden', 'not_stored']);
    });
  });
}
