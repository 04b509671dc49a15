import fc from 'fast-check';
import { ChatError } from '../../src/common/chat-error';
import type { Message } from '../../src/protocol/models';
import type { Change } from '../../src/realtime/room-log';
import type { RoomLogScene } from './room-log-scene';

/** What the log gives to read, and that it agrees with what was announced. */
export function describeReads(sceneOf: () => RoomLogScene): void {
  let scene: RoomLogScene;
  beforeEach(() => {
    scene = sceneOf();
  });

  describe('reading', () => {
    const ids = ({ messages }: { messages: Message[] }) => messages.map(({ id }) => id);

    it('gives an empty scene.room as one empty page at position 0', async () => {
      const recent = await scene.log.recent(scene.room, 3);
      const changes = await scene.log.changesAfter(scene.room, 0, 3);

      const epoch = expect.stringMatching(/./);
      expect(changes).toEqual({ messages: [], last_seq: 0, epoch, has_more: false });
      expect(recent).toEqual({ ...changes, next_cursor: null });
      expect(recent.epoch).toBe(changes.epoch);
    });

    it('gives the newest messages, oldest first, and where older ones begin', async () => {
      await scene.append(
        scene.says('1'),
        scene.says('2'),
        scene.says('3'),
        scene.says('4'),
        scene.edits(2, 'two'),
      );

      const newest = await scene.log.recent(scene.room, 3);
      const all = await scene.log.recent(scene.room, 4);

      expect(newest).toMatchObject({ has_more: true, next_cursor: 2, last_seq: 5 });
      expect(ids(newest)).toEqual([2, 3, 4]);
      expect(all).toMatchObject({ has_more: false, next_cursor: null, last_seq: 5 });
      expect(ids(all)).toEqual([1, 2, 3, 4]);
    });

    it('gives what changed after a position, each message once, page by page', async () => {
      await scene.append(
        scene.says('1'),
        scene.says('2'),
        scene.says('3'),
        scene.edits(1, 'one'),
        scene.edits(2, 'two'),
      );

      const all = await scene.log.changesAfter(scene.room, 0, 3);
      const first = await scene.log.changesAfter(scene.room, 0, 2);
      const second = await scene.log.changesAfter(scene.room, first.last_seq, 2);
      const some = await scene.log.changesAfter(scene.room, 4, 2);
      const none = await scene.log.changesAfter(scene.room, 5, 2);

      expect(all).toMatchObject({ last_seq: 5, has_more: false });
      expect(ids(all)).toEqual([3, 1, 2]);
      expect(first).toMatchObject({ last_seq: 4, has_more: true });
      expect(ids(first)).toEqual([3, 1]);
      expect(second).toMatchObject({ last_seq: 5, has_more: false });
      expect(ids(second)).toEqual([2]);
      expect(ids(some)).toEqual([2]);
      expect(none).toMatchObject({ messages: [], last_seq: 5, has_more: false });
    });

    it('agrees with what was announced: any past state and the changes since make the present one', async () => {
      const step = fc.record({
        kind: fc.constantFrom('says', 'says', 'says', 'replies', 'edits', 'deletes'),
        target: fc.integer({ min: 1, max: 6 }),
        endsCall: fc.boolean(),
      });
      const property = fc.asyncProperty(
        fc.array(step, { maxLength: 25 }),
        fc.integer({ min: 1, max: 4 }),
        async (steps, pageSize) => {
          scene.room = await scene.stage.aRoom();
          const drafts = steps.map(({ kind, target }, index) => {
            if (kind === 'edits') return scene.edits(target, `edit ${index}`);
            if (kind === 'deletes') return scene.deletes(target);
            return scene.says(`message ${index}`, { replyToId: kind === 'replies' ? target : null });
          });
          const announced: Change[] = [];
          for (let from = 0; from < drafts.length;) {
            const next = steps.findIndex(({ endsCall }, index) => endsCall && index >= from);
            const to = next < 0 ? drafts.length : next + 1;
            const results = await scene.log.append(drafts.slice(from, to));
            announced.push(...results.flatMap((r) => (r instanceof ChatError ? [] : r.changes)));
            from = to;
          }

          const { messages, last_seq } = await scene.log.recent(scene.room, 100);

          expect(announced.map(({ seq }) => seq)).toEqual(announced.map((_, index) => index + 1));
          expect(last_seq).toBe(announced.length);
          for (let position = 0; position <= last_seq; position += 3) {
            const state = new Map(announced.slice(0, position).map(({ message }) => [message.id, message]));
            for (const message of await changesSince(position, pageSize)) state.set(message.id, message);
            expect([...state.values()].sort((a, b) => a.id - b.id)).toEqual(messages);
          }
        },
      );
      await fc.assert(property, { seed: jest.getSeed(), numRuns: 20 });
    });

    async function changesSince(position: number, pageSize: number): Promise<Message[]> {
      const page = await scene.log.changesAfter(scene.room, position, pageSize);
      return page.has_more
        ? [...page.messages, ...(await changesSince(page.last_seq, pageSize))]
        : page.messages;
    }
  });
}
