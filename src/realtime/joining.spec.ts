import { aConnection } from '../../test/support/a-connection';
import { FeedsStage, LINGER_MS, liveSeqs } from '../../test/support/feeds-stage';

describe('joining a room', () => {
  let stage: FeedsStage;

  beforeEach(() => {
    stage = new FeedsStage();
  });

  describe('a fresh join', () => {
    it('answers with the newest page and the position, then live frames', async () => {
      stage.say(5);
      const newest = await stage.log.recent(1, 3);
      const { connection, socket } = aConnection();

      await stage.feeds.join(connection, 1, { requestId: 'r1' });
      stage.feeds.offer(stage.say(2));

      expect(socket.frames[0]).toEqual({
        type: 'messages_history',
        request_id: 'r1',
        data: { room_id: 1, ...newest },
      });
      expect(liveSeqs(socket)).toEqual([6, 7]);
    });

    it('answers with what is newest then, under the name that its author has then', async () => {
      const pageOfNewcomer = async () => {
        const { connection, socket } = aConnection();
        await stage.feeds.join(connection, 1, {});
        return socket.framesOf('messages_history')[0]!.data.messages;
      };
      stage.say(1);
      await pageOfNewcomer();
      stage.feeds.offer(stage.say(1));
      const { messages: newest } = await stage.log.recent(1, 3);

      expect(await pageOfNewcomer()).toEqual(newest);
      stage.feeds.renameUser(1, 'Countess');
      expect(await pageOfNewcomer()).toEqual(newest.map((message) => ({ ...message, username: 'Countess' })));
    });

    it('reads the log once for all who come', async () => {
      stage.say(5);

      await Promise.all(Array.from({ length: 20 }, () => stage.aReaderOf(1)));

      expect(stage.log.reads.calls).toBe(1);
      expect(stage.feeds.size).toBe(1);
    });

    it('rejects if the log cannot be read, leaving nothing behind; the next join reads anew', async () => {
      const { connection, socket } = aConnection();
      stage.log.reads.failNext();

      await expect(stage.feeds.join(connection, 1, {})).rejects.toThrow('out of reach');
      const open = stage.feeds.size;
      const readers = connection.readers.size;
      await stage.feeds.join(connection, 1, {});

      expect([open, readers]).toEqual([0, 0]);
      expect(socket.frames.map(({ type }) => type)).toEqual(['messages_history']);
    });

    it('makes no reader of a connection that closed meanwhile, and lets the room go', async () => {
      const { connection, socket } = aConnection();
      const joined = stage.feeds.join(connection, 1, {});
      connection.detach();

      await joined;
      stage.clock.advance(LINGER_MS);

      expect(socket.frames).toEqual([]);
      expect(connection.readers.size).toBe(0);
      expect(stage.feeds.size).toBe(0);
    });
  });

  describe('a join that asks once more for the right to read', () => {
    const refusal = new Error('no longer');

    it('asks when the log has been read, and answers in the same turn', async () => {
      stage.say(1);
      const { connection, socket } = aConnection();
      let readsBefore = 0;

      await stage.feeds.join(connection, 1, {
        confirm: () => {
          readsBefore = stage.log.reads.calls;
          expect([socket.frames.length, connection.readers.size]).toEqual([0, 0]);
          return true;
        },
      });

      expect(readsBefore).toBe(1);
      expect(socket.frames.map(({ type }) => type)).toEqual(['messages_history']);
    });

    it('waits for an answer that is not known, and asks again until it is', async () => {
      stage.say(1);
      const { connection, socket } = aConnection();
      const answers = [Promise.resolve(), Promise.resolve(), true];

      await stage.feeds.join(connection, 1, { confirm: () => answers.shift() });

      expect(answers).toEqual([]);
      expect(socket.framesOf('messages_history')).toHaveLength(1);
    });

    it('shows nothing to somebody who lost the room meanwhile, and lets the room go', async () => {
      stage.say(1);
      const { connection, socket } = aConnection();

      const joined = stage.feeds.join(connection, 1, { confirm: () => Promise.reject(refusal) });

      await expect(joined).rejects.toBe(refusal);
      stage.clock.advance(LINGER_MS);
      expect([socket.frames.length, connection.readers.size, stage.feeds.size]).toEqual([0, 0, 0]);
    });

    it('ends the reading of somebody who joins anew and may not any more', async () => {
      const { connection, socket } = await stage.aReaderOf(1);

      await expect(stage.feeds.join(connection, 1, { confirm: () => Promise.reject(refusal) })).rejects.toBe(
        refusal,
      );
      stage.feeds.offer(stage.say(1));

      expect([socket.frames.length, connection.readers.size]).toEqual([0, 0]);
    });
  });

  it('lets one connection join again from another position, and delivers each change once', async () => {
    const { connection, socket } = await stage.aReaderOf(1);
    stage.feeds.offer(stage.say(3));

    await stage.feeds.join(connection, 1, { afterSeq: 1 });
    stage.feeds.offer(stage.say(1));

    expect(liveSeqs(socket)).toEqual([1, 2, 3, 4]);
    expect(socket.framesOf('changes').map(({ data }) => data.messages.length)).toEqual([2]);
  });
});
