import type { Message } from '../../src/protocol/models';
import type { RoomLogScene } from './room-log-scene';

/** Whom messages mention, whichever way they are stored. */
export function describeMentions(sceneOf: () => RoomLogScene): void {
  let scene: RoomLogScene;
  beforeEach(() => {
    scene = sceneOf();
  });

  describe('mentions', () => {
    const named = ({ mentions, mentions_room }: Message) => ({ mentions, mentions_room });
    const storedOnes = async () => {
      const { messages } = await scene.log.recent(scene.room, 10);
      expect((await scene.log.changesAfter(scene.room, 0, 10)).messages).toEqual(
        [...messages].sort((a, b) => a.seq - b.seq),
      );
      return messages;
    };

    it('are kept in the order of the draft, for some drafts of a call and not for others', async () => {
      const { ada, bob } = scene;

      const results = await scene.append(
        scene.says('@bob @ada', { mentions: { userIds: [bob, ada], room: false } }),
        scene.says('nobody'),
        scene.says('@room @ada', { isAdmin: true, mentions: { userIds: [ada], room: true } }),
      );

      expect(results.map(({ message }) => named(message))).toEqual([
        { mentions: [bob, ada] },
        { mentions: [] },
        { mentions: [ada], mentions_room: true },
      ]);
      expect(await storedOnes()).toEqual(results.map(({ message }) => message));
    });

    it('are kept for replies, too', async () => {
      const { bob } = scene;
      const mentions = { userIds: [bob], room: true };
      await scene.append(scene.says('question'));

      const [reply] = await scene.append(scene.says('@bob', { isAdmin: true, replyToId: 1, mentions }));

      expect(named(reply!.message)).toEqual({ mentions: [bob], mentions_room: true });
      expect((await storedOnes())[1]).toEqual(reply!.message);
    });

    it('are those of the newest words, and stay with the same words', async () => {
      const { ada, bob } = scene;
      const by = (userIds: number[], room = false) => ({ mentions: { userIds, room }, isAdmin: true });
      await scene.append(scene.says('@room @bob', by([bob], true)), scene.says('nobody'));

      const [less, more, same] = await scene.append(
        scene.edits(1, '@ada', ada, by([ada])),
        scene.edits(2, '@room @bob', ada, by([bob], true)),
        scene.edits(1, '@ada', ada),
      );

      expect([less, more, same].map((result) => named(result!.message))).toEqual([
        { mentions: [ada] },
        { mentions: [bob], mentions_room: true },
        { mentions: [ada] },
      ]);
      expect(await storedOnes()).toEqual([less!.message, more!.message]);
    });

    it('go with a deleted message', async () => {
      const mentions = { userIds: [scene.bob], room: true };
      await scene.append(scene.says('@room @bob', { isAdmin: true, mentions }));

      const [deleted] = await scene.append(scene.deletes(1));

      expect(named(deleted!.message)).toEqual({ mentions: [] });
      expect(await storedOnes()).toEqual([deleted!.message]);
    });

    it('of a message sent again are the stored ones', async () => {
      const { ada, bob } = scene;
      const draft = scene.says('@bob', { clientMsgId: 'c1', mentions: { userIds: [bob], room: false } });
      const [stored] = await scene.append(draft);

      const [again] = await scene.append({ ...draft, mentions: { userIds: [ada], room: false } });

      expect(again).toEqual({ message: stored!.message, isDuplicate: true, changes: [] });
    });
  });
}
