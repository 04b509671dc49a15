import { ChatError } from '../../src/common/chat-error';
import { ISO_TIME, numbers, type RoomLogScene } from './room-log-scene';

/** What replies, edits and deletions change, and who may. */
export function describeChanges(sceneOf: () => RoomLogScene): void {
  let scene: RoomLogScene;
  beforeEach(() => {
    scene = sceneOf();
  });

  describe('a reply', () => {
    it('changes the message that it answers, behind itself', async () => {
      await scene.append(scene.says('question'));

      const [reply] = await scene.append(
        scene.says('answer', { replyToId: 1, userId: scene.bob, username: 'Bob' }),
      );

      expect(numbers(reply!)).toEqual([
        { seq: 2, id: 2 },
        { seq: 3, id: 1 },
      ]);
      expect(reply!.changes.map(({ type }) => type)).toEqual(['message', 'message_updated']);
      expect((await scene.log.recent(scene.room, 10)).messages).toMatchObject([
        { id: 1, seq: 3, reply_count: 1 },
        { id: 2, seq: 2, reply_to_id: 1 },
      ]);
    });

    it('may answer a message of the same call', async () => {
      await scene.append(
        scene.says('question'),
        scene.says('answer', { replyToId: 1 }),
        scene.says('another', { replyToId: 1 }),
      );

      expect((await scene.log.recent(scene.room, 10)).messages).toMatchObject([
        { id: 1, seq: 5, reply_count: 2 },
        { id: 2, seq: 2 },
        { id: 3, seq: 4 },
      ]);
    });

    it('that is deleted no longer counts', async () => {
      await scene.append(scene.says('question'), scene.says('answer', { replyToId: 1 }));

      const [deletion] = await scene.append(scene.deletes(2));

      expect(numbers(deletion!)).toEqual([
        { seq: 4, id: 2 },
        { seq: 5, id: 1 },
      ]);
      expect((await scene.log.recent(scene.room, 10)).messages[0]).toMatchObject({ seq: 5, reply_count: 0 });
    });

    it('to a message that the scene.room does not have is refused', async () => {
      await scene.append(scene.says('elsewhere', { roomId: scene.otherRoom }));

      expect(await scene.refusalOf(scene.says('answer', { replyToId: 1 }))).toEqual([
        'validation_failed',
        'not_stored',
      ]);
    });
  });

  describe('an edit', () => {
    it('gives the message new words and the next seq; its id and place stay', async () => {
      await scene.append(scene.says('one'), scene.says('two'));

      const [edited] = await scene.append(scene.edits(1, 'better'));

      const [first, second] = (await scene.log.recent(scene.room, 10)).messages;
      expect(edited!.changes).toEqual([
        { roomId: scene.room, seq: 3, type: 'message_updated', message: edited!.message },
      ]);
      expect(first).toEqual(edited!.message);
      expect(first).toMatchObject({ id: 1, seq: 3, content: 'better' });
      expect(first!.edited_at).toMatch(ISO_TIME);
      expect(second).toMatchObject({ id: 2, seq: 2 });
    });

    it('with the same words changes nothing', async () => {
      const [stored] = await scene.append(scene.says('one'));

      const [edited] = await scene.append(scene.edits(1, 'one'));

      expect(edited).toEqual({ message: stored!.message, isDuplicate: false, changes: [] });
    });

    it('of another’s, a deleted, or no message is refused', async () => {
      await scene.append(scene.says('one'), scene.says('two'), scene.deletes(2));

      const refusals = [
        await scene.refusalOf(scene.edits(1, 'mine', scene.bob)),
        await scene.refusalOf(scene.edits(2, 'again')),
        await scene.refusalOf(scene.edits(3, 'nothing')),
      ];

      expect(refusals).toEqual([
        ['forbidden', 'not_stored'],
        ['message_deleted', 'not_stored'],
        ['message_not_found', 'not_stored'],
      ]);
    });
  });

  describe('a deletion', () => {
    it('empties the message, which keeps its place', async () => {
      await scene.append(scene.says('one'), scene.says('two'));

      const [deleted] = await scene.append(scene.deletes(1));

      const [first] = (await scene.log.recent(scene.room, 10)).messages;
      expect(first).toEqual(deleted!.message);
      expect(first).toMatchObject({ id: 1, seq: 3, content: null, reactions: [] });
      expect(first!.deleted_at).toMatch(ISO_TIME);
    });

    it('repeated changes nothing', async () => {
      await scene.append(scene.says('one'));
      const [deleted] = await scene.append(scene.deletes(1));

      const [again] = await scene.append(scene.deletes(1));

      expect(again).toEqual({ message: deleted!.message, isDuplicate: false, changes: [] });
    });

    it('of another’s message is a moderator’s right', async () => {
      await scene.append(scene.says('one'));

      const refusal = await scene.refusalOf(scene.deletes(1, scene.bob));
      const [deleted] = await scene.append(scene.deletes(1, scene.bob, true));

      expect(refusal).toEqual(['forbidden', 'not_stored']);
      expect(deleted!.message).toMatchObject({ id: 1, content: null });
    });

    it('of no message is refused', async () => {
      expect(await scene.refusalOf(scene.deletes(1))).toEqual(['message_not_found', 'not_stored']);
    });
  });

  describe('a closed room', () => {
    it('takes nothing, and hinders no other', async () => {
      await scene.append(scene.says('one'));
      await scene.stage.closeRoom(scene.room);

      const results = await scene.log.append([
        scene.says('two'),
        scene.says('elsewhere', { roomId: scene.otherRoom }),
        scene.edits(1, 'better'),
        scene.deletes(1),
      ]);
      const alone = await scene.refusalOf(scene.says('three'));

      const codes = results.map((result) => (result instanceof ChatError ? result.code : 'stored'));
      expect(codes).toEqual(['room_not_found', 'stored', 'room_not_found', 'room_not_found']);
      expect(alone).toEqual(['room_not_found', 'not_stored']);
      expect((await scene.log.recent(scene.room, 10)).last_seq).toBe(1);
    });

    it('is as good as none', async () => {
      const nowhere = { roomId: 2_000_000_000 };

      expect(await scene.refusalOf(scene.says('hello', nowhere))).toEqual(['room_not_found', 'not_stored']);
      await expect(scene.log.recent(nowhere.roomId, 10)).rejects.toMatchObject({ code: 'room_not_found' });
      await expect(scene.log.changesAfter(nowhere.roomId, 0, 10)).rejects.toMatchObject({
        code: 'room_not_found',
      });
    });
  });
}
