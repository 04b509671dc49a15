import { aConnection, aPrincipal } from '../../test/support/a-connection';
import { aDraft } from '../../test/support/a-message';
import { FeedsStage, LINGER_MS, liveSeqs } from '../../test/support/feeds-stage';
import { settled } from '../../test/support/turns';
import { CloseCode } from '../protocol/close-codes';
import type { ServerFrame } from '../protocol/frames';

describe('RoomFeeds', () => {
  let stage: FeedsStage;

  beforeEach(() => {
    stage = new FeedsStage();
  });

  it('hands changes to the rooms that they are of, and to no other', async () => {
    const [first, second] = [await stage.aReaderOf(1), await stage.aReaderOf(2)];

    stage.feeds.offer([...stage.say(1, 2), ...stage.say(2, 1)]);

    expect(liveSeqs(first.socket)).toEqual([1, 2]);
    expect(liveSeqs(second.socket)).toEqual([1]);
  });

  it('has nothing to do with rooms that nobody reads', async () => {
    stage.feeds.offer(stage.say(1));
    stage.feeds.doubt([1]);
    await settled();

    expect(stage.log.reads.calls).toBe(0);
    expect(stage.feeds.size).toBe(0);
  });

  it('finds what was never announced in a room that is doubted', async () => {
    const { socket } = await stage.aReaderOf(1);
    stage.say(1);

    stage.feeds.doubt([1, 2]);
    await settled();

    expect(socket.framesOf('changes').map(({ data }) => data.last_seq)).toEqual([1]);
  });

  describe('a room that its last reader has left', () => {
    it('stays open for a while: who comes back asks the log nothing, and nobody missed anything', async () => {
      const { connection } = await stage.aReaderOf(1);
      stage.feeds.leave(connection, 1);
      stage.feeds.offer(stage.say(1));
      stage.clock.advance(LINGER_MS - 1);

      const { connection: back, socket } = aConnection();
      await stage.feeds.join(back, 1, { afterSeq: 0 });
      stage.clock.advance(LINGER_MS);
      stage.feeds.offer(stage.say(1));

      expect(stage.log.reads.calls).toBe(1);
      expect(socket.framesOf('changes').map(({ data }) => data.last_seq)).toEqual([1]);
      expect(liveSeqs(socket)).toEqual([2]);
    });

    it('is let go after it', async () => {
      const { connection } = await stage.aReaderOf(1);
      stage.feeds.leave(connection, 1);

      stage.clock.advance(LINGER_MS);

      expect(stage.feeds.size).toBe(0);
    });

    it('is not let go under someone whose join waits for the log', async () => {
      const { connection: ada } = await stage.aReaderOf(1);
      const { connection: bob, socket } = aConnection();
      stage.log.reads.hold();
      const joined = stage.feeds.join(bob, 1, { afterSeq: 5 });
      await settled();
      stage.feeds.leave(ada, 1);
      stage.clock.advance(LINGER_MS);

      stage.log.reads.open();
      await joined;
      stage.feeds.offer(stage.say(1));

      expect(stage.feeds.size).toBe(1);
      expect(liveSeqs(socket)).toEqual([1]);
    });

    it('is let go also when the only join has failed', async () => {
      const { connection: ada } = await stage.aReaderOf(1);
      stage.feeds.leave(ada, 1);
      stage.log.reads.failNext();

      await expect(stage.feeds.join(aConnection().connection, 1, { afterSeq: 5 })).rejects.toThrow(
        'out of reach',
      );
      stage.clock.advance(LINGER_MS);

      expect(stage.feeds.size).toBe(0);
    });

    it('sends nothing more to who has left', async () => {
      const { connection, socket } = await stage.aReaderOf(1);

      stage.feeds.leave(connection, 1);
      stage.feeds.leave(connection, 1);
      stage.feeds.offer(stage.say(1));

      expect(socket.frames).toEqual([]);
    });
  });

  describe('what is not in the log', () => {
    const frame: ServerFrame = { type: 'room_updated', data: { id: 1 } };

    it('is announced to the room’s readers alone', async () => {
      const [reader, other] = [await stage.aReaderOf(1), await stage.aReaderOf(2)];

      stage.feeds.announce(1, frame);

      expect(reader.socket.frames).toEqual([frame]);
      expect(other.socket.frames).toEqual([]);
    });

    it('does not come before the answer to a join', async () => {
      stage.log.commit(aDraft());
      const { connection, socket } = aConnection();
      await stage.aReaderOf(1);
      stage.log.reads.hold();
      const joined = stage.feeds.join(connection, 1, { afterSeq: 0 });
      await settled();

      stage.feeds.announce(1, frame);
      stage.log.reads.open();
      await joined;
      stage.feeds.announce(1, frame);

      expect(socket.frames.map(({ type }) => type)).toEqual(['changes', 'room_updated']);
    });

    it('passes over all sockets of a user whom it need not tell', async () => {
      const [ada, phone] = [await stage.aReaderOf(1), await stage.aReaderOf(1)];
      const bob = await stage.aReaderOf(1, { principal: aPrincipal({ userId: 2 }) });

      stage.feeds.announce(1, frame, 1);

      expect([ada.socket.frames, phone.socket.frames]).toEqual([[], []]);
      expect(bob.socket.frames).toEqual([frame]);
    });

    it('is spared those who cannot take more', async () => {
      const { socket } = await stage.aReaderOf(1);
      socket.stopTaking();
      stage.feeds.offer(stage.say(10));

      stage.feeds.announce(1, frame);

      expect(socket.framesOf('room_updated')).toEqual([]);
    });
  });

  describe('closing a room', () => {
    const closed: ServerFrame = { type: 'room_closed', data: { room_id: 1 } };

    it('closes the sockets of that room, and tells the others, who leave it', async () => {
      const home = await stage.aReaderOf(1, { homeRoomId: 1 });
      const many = await stage.aReaderOf(1);
      await stage.feeds.join(many.connection, 2, {});

      stage.feeds.closeRoom(1, closed, CloseCode.RoomClosed);

      expect(home.socket.frames).toEqual([closed]);
      expect(home.socket.closed).toEqual({ code: 4404, reason: 'room closed' });
      expect(many.socket.frames).toContainEqual(closed);
      expect(many.socket.closed).toBeNull();
      expect([1, 2].filter((roomId) => many.connection.readers.has(roomId))).toEqual([2]);
    });
  });

  describe('removing a user', () => {
    it('ends the room for all of that user’s sockets and for nobody else', async () => {
      const bob = aPrincipal({ userId: 2, username: 'Bob' });
      const ada = await stage.aReaderOf(1);
      const home = await stage.aReaderOf(1, { principal: bob, homeRoomId: 1 });
      const many = await stage.aReaderOf(1, { principal: bob });

      stage.feeds.removeUser(1, 2, CloseCode.Forbidden, 'banned');
      stage.feeds.offer(stage.say(1));

      const left = { type: 'left', data: { room_id: 1, reason: 'banned' } };
      expect(home.socket.frames).toEqual([left]);
      expect(home.socket.closed).toEqual({ code: 4403, reason: 'banned' });
      expect(many.socket.frames).toEqual([left]);
      expect(many.socket.closed).toBeNull();
      expect(liveSeqs(ada.socket)).toEqual([1]);
    });
  });

  it('tells who reads a room, each user once', async () => {
    await stage.aReaderOf(1);
    await stage.aReaderOf(1);
    await stage.aReaderOf(1, { principal: aPrincipal({ userId: 2 }) });

    expect([stage.feeds.userIds(1), stage.feeds.userIds(2)]).toEqual([[1, 2], []]);
  });

  it('shows a new name to whoever joins from now on', async () => {
    await stage.aReaderOf(1);
    stage.feeds.offer(stage.say(1));

    stage.feeds.renameUser(1, 'Countess');

    expect(await authorShown()).toBe('Countess');
  });

  async function authorShown(): Promise<string | undefined> {
    const { connection, socket } = aConnection();
    await stage.feeds.join(connection, 1, {});
    return socket.framesOf('messages_history')[0]!.data.messages[0]!.username;
  }
});
