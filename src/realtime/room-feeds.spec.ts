import { aConnection, aPrincipal } from '../../test/support/a-connection';
import { aDraft } from '../../test/support/a-message';
import { FakeRoomLog } from '../../test/support/fake-room-log';
import type { FakeSocket } from '../../test/support/fake-socket';
import { ManualClock } from '../../test/support/manual-clock';
import { settled } from '../../test/support/turns';
import { CloseCode } from '../protocol/close-codes';
import type { ServerFrame } from '../protocol/frames';
import { RoomFeeds } from './room-feeds';

const LINGER_MS = 10_000;

describe('RoomFeeds', () => {
  let log: FakeRoomLog;
  let clock: ManualClock;
  let feeds: RoomFeeds;

  beforeEach(() => {
    log = new FakeRoomLog(1, 2);
    clock = new ManualClock();
    feeds = new RoomFeeds(log, clock, { pageSize: 3, resumeMaxChanges: 10, changesPageSize: 4 });
  });

  const say = (count: number, roomId = 1) =>
    log.commit(...Array.from({ length: count }, () => aDraft({ roomId })));

  const seqsOf = (socket: FakeSocket) => socket.framesOf('message').map(({ data }) => data.seq);

  async function aReaderOf(roomId: number, init: Parameters<typeof aConnection>[0] = {}) {
    const reader = aConnection(init);
    await feeds.join(reader.connection, roomId, {});
    reader.socket.frames.length = 0;
    return reader;
  }

  it('hands changes to the rooms that they are of, and to no other', async () => {
    const [first, second] = [await aReaderOf(1), await aReaderOf(2)];

    feeds.offer([...say(1, 2), ...say(2, 1)]);

    expect(seqsOf(first.socket)).toEqual([1, 2]);
    expect(seqsOf(second.socket)).toEqual([1]);
  });

  it('has nothing to do with rooms that nobody reads', async () => {
    feeds.offer(say(1));
    feeds.doubt([1]);
    await settled();

    expect(log.reads.calls).toBe(0);
    expect(feeds.size).toBe(0);
  });

  it('finds what was never announced in a room that is doubted', async () => {
    const { socket } = await aReaderOf(1);
    say(1);

    feeds.doubt([1, 2]);
    await settled();

    expect(socket.framesOf('changes').map(({ data }) => data.last_seq)).toEqual([1]);
  });

  describe('a room that its last reader has left', () => {
    it('stays open for a while: who comes back asks the log nothing, and nobody missed anything', async () => {
      const { connection } = await aReaderOf(1);
      feeds.leave(connection, 1);
      feeds.offer(say(1));
      clock.advance(LINGER_MS - 1);

      const { connection: back, socket } = aConnection();
      await feeds.join(back, 1, { afterSeq: 0 });
      clock.advance(LINGER_MS);
      feeds.offer(say(1));

      expect(log.reads.calls).toBe(1);
      expect(socket.framesOf('changes').map(({ data }) => data.last_seq)).toEqual([1]);
      expect(seqsOf(socket)).toEqual([2]);
    });

    it('is let go after it', async () => {
      const { connection } = await aReaderOf(1);
      feeds.leave(connection, 1);

      clock.advance(LINGER_MS);

      expect(feeds.size).toBe(0);
    });

    it('is not let go under someone whose join waits for the log', async () => {
      const { connection: ada } = await aReaderOf(1);
      const { connection: bob, socket } = aConnection();
      log.reads.hold();
      const joined = feeds.join(bob, 1, { afterSeq: 5 });
      await settled();
      feeds.leave(ada, 1);
      clock.advance(LINGER_MS);

      log.reads.open();
      await joined;
      feeds.offer(say(1));

      expect(feeds.size).toBe(1);
      expect(seqsOf(socket)).toEqual([1]);
    });

    it('is let go also when the only join has failed', async () => {
      const { connection: ada } = await aReaderOf(1);
      feeds.leave(ada, 1);
      log.reads.failNext();

      await expect(feeds.join(aConnection().connection, 1, { afterSeq: 5 })).rejects.toThrow('out of reach');
      clock.advance(LINGER_MS);

      expect(feeds.size).toBe(0);
    });

    it('sends nothing more to who has left', async () => {
      const { connection, socket } = await aReaderOf(1);

      feeds.leave(connection, 1);
      feeds.leave(connection, 1);
      feeds.offer(say(1));

      expect(socket.frames).toEqual([]);
    });
  });

  describe('what is not in the log', () => {
    const frame: ServerFrame = { type: 'room_updated', data: { id: 1 } };

    it('is announced to the room’s readers alone', async () => {
      const [reader, other] = [await aReaderOf(1), await aReaderOf(2)];

      feeds.announce(1, frame);

      expect(reader.socket.frames).toEqual([frame]);
      expect(other.socket.frames).toEqual([]);
    });

    it('does not come before the answer to a join', async () => {
      log.commit(aDraft());
      const { connection, socket } = aConnection();
      await aReaderOf(1);
      log.reads.hold();
      const joined = feeds.join(connection, 1, { afterSeq: 0 });
      await settled();

      feeds.announce(1, frame);
      log.reads.open();
      await joined;
      feeds.announce(1, frame);

      expect(socket.frames.map(({ type }) => type)).toEqual(['changes', 'room_updated']);
    });

    it('passes over all sockets of a user whom it need not tell', async () => {
      const [ada, phone] = [await aReaderOf(1), await aReaderOf(1)];
      const bob = await aReaderOf(1, { principal: aPrincipal({ userId: 2 }) });

      feeds.announce(1, frame, 1);

      expect([ada.socket.frames, phone.socket.frames]).toEqual([[], []]);
      expect(bob.socket.frames).toEqual([frame]);
    });

    it('is spared those who cannot take more', async () => {
      const { socket } = await aReaderOf(1);
      socket.stopTaking();
      feeds.offer(say(10));

      feeds.announce(1, frame);

      expect(socket.framesOf('room_updated')).toEqual([]);
    });
  });

  describe('closing a room', () => {
    const closed: ServerFrame = { type: 'room_closed', data: { room_id: 1 } };

    it('closes the sockets of that room, and tells the others, who leave it', async () => {
      const home = await aReaderOf(1, { homeRoomId: 1 });
      const many = await aReaderOf(1);
      await feeds.join(many.connection, 2, {});

      feeds.closeRoom(1, closed, CloseCode.RoomClosed);

      expect(home.socket.frames).toEqual([closed]);
      expect(home.socket.closed).toEqual({ code: 4404, reason: 'room closed' });
      expect(many.socket.frames).toContainEqual(closed);
      expect(many.socket.closed).toBeNull();
      expect([...many.connection.readers.keys()]).toEqual([2]);
    });
  });

  describe('removing a user', () => {
    it('ends the room for all of that user’s sockets and for nobody else', async () => {
      const bob = aPrincipal({ userId: 2, username: 'Bob' });
      const ada = await aReaderOf(1);
      const home = await aReaderOf(1, { principal: bob, homeRoomId: 1 });
      const many = await aReaderOf(1, { principal: bob });

      feeds.removeUser(1, 2, CloseCode.Forbidden, 'banned');
      feeds.offer(say(1));

      const left = { type: 'left', data: { room_id: 1, reason: 'banned' } };
      expect(home.socket.frames).toEqual([left]);
      expect(home.socket.closed).toEqual({ code: 4403, reason: 'banned' });
      expect(many.socket.frames).toEqual([left]);
      expect(many.socket.closed).toBeNull();
      expect(seqsOf(ada.socket)).toEqual([1]);
    });
  });

  it('tells who reads a room, each user once', async () => {
    await aReaderOf(1);
    await aReaderOf(1);
    await aReaderOf(1, { principal: aPrincipal({ userId: 2 }) });

    expect([feeds.userIds(1), feeds.userIds(2)]).toEqual([[1, 2], []]);
  });

  it('shows a new name to whoever joins from now on', async () => {
    await aReaderOf(1);
    feeds.offer(say(1));

    feeds.renameUser(1, 'Countess');
    const { connection, socket } = aConnection();
    await feeds.join(connection, 1, {});

    expect(socket.framesOf('messages_history')[0]!.data.messages[0]!.username).toBe('Countess');
  });
});
