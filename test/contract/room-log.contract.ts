import fc from 'fast-check';
import { ChatError } from '../../src/common/chat-error';
import type { Message } from '../../src/protocol/models';
import type { Appended, Change, Draft, MessageDraft, RoomLog } from '../../src/realtime/room-log';
import { aDeletion, aDraft, anEdit } from '../support/a-message';

/** A log, and what a test has to arrange around it. */
export interface RoomLogStage {
  log: RoomLog;
  aRoom(): Promise<number>;
  /** Drafts of this user must carry the name. */
  aUser(username: string): Promise<number>;
  closeRoom(roomId: number): Promise<void>;
  end(): Promise<void>;
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** What every `RoomLog` keeps. */
export function describeRoomLog(name: string, createStage: () => Promise<RoomLogStage>): void {
  describe(`${name}, as a RoomLog,`, () => {
    let stage: RoomLogStage;
    let log: RoomLog;
    let room: number;
    let otherRoom: number;
    let ada: number;
    let bob: number;

    beforeAll(async () => {
      stage = await createStage();
      log = stage.log;
      ada = await stage.aUser('Ada');
      bob = await stage.aUser('Bob');
    });
    afterAll(() => stage.end());
    beforeEach(async () => {
      room = await stage.aRoom();
      otherRoom = await stage.aRoom();
    });

    /** What Ada says in the room. */
    const says = (content: string, fields: Partial<MessageDraft> = {}) =>
      aDraft({ roomId: room, userId: ada, username: 'Ada', content, ...fields });
    const edits = (messageId: number, content: string, userId = ada) =>
      anEdit({ roomId: room, messageId, content, userId });
    const deletes = (messageId: number, userId = ada, canModerate = false) =>
      aDeletion({ roomId: room, messageId, userId, canModerate });

    /** Appends drafts that are all stored, or found to be stored. */
    async function append(...drafts: Draft[]): Promise<Appended[]> {
      const results = await log.append(drafts);
      return results.map((result) => {
        if (result instanceof ChatError) throw result;
        return result;
      });
    }

    /** Appends one draft that is refused; gives the code and the outcome. */
    async function refusalOf(draft: Draft): Promise<unknown> {
      const [result] = await log.append([draft]);
      return result instanceof ChatError ? [result.code, result.details.outcome] : result;
    }

    const numbers = ({ changes }: Appended) => changes.map(({ seq, message }) => ({ seq, id: message.id }));

    describe('numbering', () => {
      it('gives each room’s messages and changes the numbers 1, 2, 3 …', async () => {
        const results: Appended[] = [];
        for (let call = 0; call < 5; call++) {
          results.push(...(await append(says('a'), says('b', { roomId: otherRoom }), says('c'))));
        }

        const of = (roomId: number) =>
          results.filter(({ message }) => message.room_id === roomId).flatMap(numbers);
        const upTo = (end: number) => Array.from({ length: end }, (_, i) => ({ seq: i + 1, id: i + 1 }));
        expect(of(room)).toEqual(upTo(10));
        expect(of(otherRoom)).toEqual(upTo(5));
      });

      it('keeps the order of one call', async () => {
        const contents = Array.from({ length: 120 }, (_, index) => `message ${index}`);

        await append(...contents.map((content, i) => says(content, { roomId: i % 3 ? room : otherRoom })));

        const inRoom = (await log.recent(room, 200)).messages.map(({ content }) => content);
        const inOther = (await log.recent(otherRoom, 200)).messages.map(({ content }) => content);
        expect(inRoom).toEqual(contents.filter((_, i) => i % 3 !== 0));
        expect(inOther).toEqual(contents.filter((_, i) => i % 3 === 0));
      });

      it('leaves no hole for what is refused, changes nothing, or was stored before', async () => {
        await append(says('one', { clientMsgId: 'c1' }));
        await log.append([
          edits(9, 'no such message'),
          edits(1, 'one'),
          says('one', { clientMsgId: 'c1' }),
          says('to nobody', { replyToId: 9 }),
        ]);

        const [next] = await append(says('two'));

        expect(numbers(next!)).toEqual([{ seq: 2, id: 2 }]);
      });

      it('draws the time with the numbers', async () => {
        const results = [...(await append(says('a'), says('b'))), ...(await append(says('c')))];

        const times = results.map(({ message }) => message.created_at);
        expect(times.every((time) => ISO_TIME.test(time))).toBe(true);
        expect([...times].sort()).toEqual(times);
      });
    });

    describe('a new message', () => {
      it('is announced as it can be read from then on', async () => {
        const content = 'Ünïcödé 👩🏽‍🚀 \u2028 "quoted" \\ {not,an,array}';

        const [appended] = await append(says(content, { clientMsgId: 'c1' }));

        expect(appended).toEqual({
          isDuplicate: false,
          message: expect.objectContaining({ id: 1, seq: 1, kind: 'user', room_id: room, content }),
          changes: [{ roomId: room, seq: 1, type: 'message', message: appended!.message }],
        });
        expect(appended!.message).toMatchObject({ user_id: ada, username: 'Ada', client_msg_id: 'c1' });
        expect((await log.recent(room, 10)).messages).toEqual([appended!.message]);
        expect((await log.changesAfter(room, 0, 10)).messages).toEqual([appended!.message]);
      });

      it('that cannot be stored is refused alone', async () => {
        const [first, refused, last] = await log.append([says('a'), says('nul: \0'), says('b')]);

        expect(refused).toBeInstanceOf(ChatError);
        expect((refused as ChatError).details.outcome).toBe('not_stored');
        expect([first, last].map((result) => numbers(result as Appended)[0]!.id)).toEqual([1, 2]);
      });
    });

    describe('a message sent again under its name', () => {
      it('in one call is stored once', async () => {
        const draft = says('once', { clientMsgId: 'c1' });

        const results = await append(draft, says('between'), { ...draft });

        expect(results.map(({ isDuplicate }) => isDuplicate)).toEqual([false, false, true]);
        expect(results[2]).toEqual({ ...results[0], isDuplicate: true, changes: [] });
        expect((await log.recent(room, 10)).messages).toHaveLength(2);
      });

      it('in a later call, among new ones, is answered with the stored one', async () => {
        const [stored] = await append(says('once', { clientMsgId: 'c1' }));

        const [before, again, after] = await append(
          says('new', { clientMsgId: 'c2' }),
          says('other words', { clientMsgId: 'c1' }),
          says('newer', { clientMsgId: 'c3' }),
        );

        expect(again).toEqual({ ...stored, isDuplicate: true, changes: [] });
        expect([before, after].flatMap((result) => numbers(result!))).toEqual([
          { seq: 2, id: 2 },
          { seq: 3, id: 3 },
        ]);
      });

      it('after an edit is answered with the edited one', async () => {
        await append(says('once', { clientMsgId: 'c1' }));
        await append(edits(1, 'better'));

        const [again] = await append(says('once', { clientMsgId: 'c1' }));

        expect(again).toMatchObject({ isDuplicate: true, changes: [], message: { id: 1, seq: 2 } });
        expect(again!.message.content).toBe('better');
      });

      it('right after an edit, in one call, is answered with the edited one', async () => {
        await append(says('once', { clientMsgId: 'c1' }));

        const [edited, again] = await append(edits(1, 'better'), says('once', { clientMsgId: 'c1' }));

        expect(again).toEqual({ message: edited!.message, isDuplicate: true, changes: [] });
      });

      it('after its deletion is not stored anew', async () => {
        await append(says('once', { clientMsgId: 'c1' }));
        await append(deletes(1));

        const [again] = await append(says('once', { clientMsgId: 'c1' }));

        expect(again).toMatchObject({ isDuplicate: true, changes: [], message: { id: 1, content: null } });
        expect((await log.recent(room, 10)).messages).toHaveLength(1);
      });

      it('as a reply counts once', async () => {
        const reply = says('me too', { clientMsgId: 'c1', replyToId: 1 });
        await append(says('hello'), reply);

        const [again] = await append(reply);

        expect(again).toMatchObject({ isDuplicate: true, changes: [] });
        expect((await log.recent(room, 10)).messages[0]!.reply_count).toBe(1);
      });

      it('by another author, or in another room, is another message', async () => {
        const draft = says('hello', { clientMsgId: 'c1' });

        const results = await append(
          draft,
          { ...draft, userId: bob, username: 'Bob' },
          { ...draft, roomId: otherRoom },
        );

        expect(results.map(({ isDuplicate }) => isDuplicate)).toEqual([false, false, false]);
      });
    });

    describe('a reply', () => {
      it('changes the message that it answers, behind itself', async () => {
        await append(says('question'));

        const [reply] = await append(says('answer', { replyToId: 1, userId: bob, username: 'Bob' }));

        expect(numbers(reply!)).toEqual([
          { seq: 2, id: 2 },
          { seq: 3, id: 1 },
        ]);
        expect(reply!.changes.map(({ type }) => type)).toEqual(['message', 'message_updated']);
        expect((await log.recent(room, 10)).messages).toMatchObject([
          { id: 1, seq: 3, reply_count: 1 },
          { id: 2, seq: 2, reply_to_id: 1 },
        ]);
      });

      it('may answer a message of the same call', async () => {
        await append(says('question'), says('answer', { replyToId: 1 }), says('another', { replyToId: 1 }));

        expect((await log.recent(room, 10)).messages).toMatchObject([
          { id: 1, seq: 5, reply_count: 2 },
          { id: 2, seq: 2 },
          { id: 3, seq: 4 },
        ]);
      });

      it('that is deleted no longer counts', async () => {
        await append(says('question'), says('answer', { replyToId: 1 }));

        const [deletion] = await append(deletes(2));

        expect(numbers(deletion!)).toEqual([
          { seq: 4, id: 2 },
          { seq: 5, id: 1 },
        ]);
        expect((await log.recent(room, 10)).messages[0]).toMatchObject({ seq: 5, reply_count: 0 });
      });

      it('to a message that the room does not have is refused', async () => {
        await append(says('elsewhere', { roomId: otherRoom }));

        expect(await refusalOf(says('answer', { replyToId: 1 }))).toEqual([
          'validation_failed',
          'not_stored',
        ]);
      });
    });

    describe('an edit', () => {
      it('gives the message new words and the next seq; its id and place stay', async () => {
        await append(says('one'), says('two'));

        const [edited] = await append(edits(1, 'better'));

        const [first, second] = (await log.recent(room, 10)).messages;
        expect(edited!.changes).toEqual([
          { roomId: room, seq: 3, type: 'message_updated', message: edited!.message },
        ]);
        expect(first).toEqual(edited!.message);
        expect(first).toMatchObject({ id: 1, seq: 3, content: 'better' });
        expect(first!.edited_at).toMatch(ISO_TIME);
        expect(second).toMatchObject({ id: 2, seq: 2 });
      });

      it('with the same words changes nothing', async () => {
        const [stored] = await append(says('one'));

        const [edited] = await append(edits(1, 'one'));

        expect(edited).toEqual({ message: stored!.message, isDuplicate: false, changes: [] });
      });

      it('of another’s, a deleted, or no message is refused', async () => {
        await append(says('one'), says('two'), deletes(2));

        const refusals = [
          await refusalOf(edits(1, 'mine', bob)),
          await refusalOf(edits(2, 'again')),
          await refusalOf(edits(3, 'nothing')),
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
        await append(says('one'), says('two'));

        const [deleted] = await append(deletes(1));

        const [first] = (await log.recent(room, 10)).messages;
        expect(first).toEqual(deleted!.message);
        expect(first).toMatchObject({ id: 1, seq: 3, content: null, reactions: [] });
        expect(first!.deleted_at).toMatch(ISO_TIME);
      });

      it('repeated changes nothing', async () => {
        await append(says('one'));
        const [deleted] = await append(deletes(1));

        const [again] = await append(deletes(1));

        expect(again).toEqual({ message: deleted!.message, isDuplicate: false, changes: [] });
      });

      it('of another’s message is a moderator’s right', async () => {
        await append(says('one'));

        const refusal = await refusalOf(deletes(1, bob));
        const [deleted] = await append(deletes(1, bob, true));

        expect(refusal).toEqual(['forbidden', 'not_stored']);
        expect(deleted!.message).toMatchObject({ id: 1, content: null });
      });

      it('of no message is refused', async () => {
        expect(await refusalOf(deletes(1))).toEqual(['message_not_found', 'not_stored']);
      });
    });

    describe('a closed room', () => {
      it('takes nothing, and hinders no other', async () => {
        await append(says('one'));
        await stage.closeRoom(room);

        const results = await log.append([
          says('two'),
          says('elsewhere', { roomId: otherRoom }),
          edits(1, 'better'),
          deletes(1),
        ]);
        const alone = await refusalOf(says('three'));

        const codes = results.map((result) => (result instanceof ChatError ? result.code : 'stored'));
        expect(codes).toEqual(['room_not_found', 'stored', 'room_not_found', 'room_not_found']);
        expect(alone).toEqual(['room_not_found', 'not_stored']);
        expect((await log.recent(room, 10)).last_seq).toBe(1);
      });

      it('is as good as none', async () => {
        const nowhere = { roomId: 2_000_000_000 };

        expect(await refusalOf(says('hello', nowhere))).toEqual(['room_not_found', 'not_stored']);
        await expect(log.recent(nowhere.roomId, 10)).rejects.toMatchObject({ code: 'room_not_found' });
        await expect(log.changesAfter(nowhere.roomId, 0, 10)).rejects.toMatchObject({
          code: 'room_not_found',
        });
      });
    });

    describe('reading', () => {
      const ids = ({ messages }: { messages: Message[] }) => messages.map(({ id }) => id);

      it('gives an empty room as one empty page at position 0', async () => {
        const recent = await log.recent(room, 3);
        const changes = await log.changesAfter(room, 0, 3);

        const epoch = expect.stringMatching(/./);
        expect(changes).toEqual({ messages: [], last_seq: 0, epoch, has_more: false });
        expect(recent).toEqual({ ...changes, next_cursor: null });
        expect(recent.epoch).toBe(changes.epoch);
      });

      it('gives the newest messages, oldest first, and where older ones begin', async () => {
        await append(says('1'), says('2'), says('3'), says('4'), edits(2, 'two'));

        const newest = await log.recent(room, 3);
        const all = await log.recent(room, 4);

        expect(newest).toMatchObject({ has_more: true, next_cursor: 2, last_seq: 5 });
        expect(ids(newest)).toEqual([2, 3, 4]);
        expect(all).toMatchObject({ has_more: false, next_cursor: null, last_seq: 5 });
        expect(ids(all)).toEqual([1, 2, 3, 4]);
      });

      it('gives what changed after a position, each message once, page by page', async () => {
        await append(says('1'), says('2'), says('3'), edits(1, 'one'), edits(2, 'two'));

        const all = await log.changesAfter(room, 0, 3);
        const first = await log.changesAfter(room, 0, 2);
        const second = await log.changesAfter(room, first.last_seq, 2);
        const some = await log.changesAfter(room, 4, 2);
        const none = await log.changesAfter(room, 5, 2);

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
            room = await stage.aRoom();
            const drafts = steps.map(({ kind, target }, index) => {
              if (kind === 'edits') return edits(target, `edit ${index}`);
              if (kind === 'deletes') return deletes(target);
              return says(`message ${index}`, { replyToId: kind === 'replies' ? target : null });
            });
            const announced: Change[] = [];
            for (let from = 0; from < drafts.length;) {
              const next = steps.findIndex(({ endsCall }, index) => endsCall && index >= from);
              const to = next < 0 ? drafts.length : next + 1;
              const results = await log.append(drafts.slice(from, to));
              announced.push(...results.flatMap((r) => (r instanceof ChatError ? [] : r.changes)));
              from = to;
            }

            const { messages, last_seq } = await log.recent(room, 100);

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
        const page = await log.changesAfter(room, position, pageSize);
        return page.has_more
          ? [...page.messages, ...(await changesSince(page.last_seq, pageSize))]
          : page.messages;
      }
    });
  });
}
