import { aConnection, aPrincipal, type OnFakeSocket } from '../../test/support/a-connection';
import { aDraft } from '../../test/support/a-message';
import { FakeRoomLog } from '../../test/support/fake-room-log';
import { ManualClock } from '../../test/support/manual-clock';
import { settled } from '../../test/support/turns';
import { CloseCode } from '../protocol/close-codes';
import type { PresenceData } from '../protocol/frames';
import type { PresenceState } from '../protocol/models';
import { Presence } from './presence';
import { RoomFeeds } from './room-feeds';

const INTERVAL_MS = 1000;
const GRACE_MS = 10_000;
const USERS_MAX = 4;
const ROOM = 1;

describe('Presence', () => {
  let clock: ManualClock;
  let log: FakeRoomLog;
  let presence: Presence;
  let feeds: RoomFeeds;

  beforeEach(() => {
    clock = new ManualClock();
    log = new FakeRoomLog(ROOM, 2);
    presence = new Presence(clock, { usersMax: USERS_MAX, intervalMs: INTERVAL_MS, graceMs: GRACE_MS });
    feeds = new RoomFeeds(log, clock, {
      pageSize: 3,
      resumeMaxChanges: 10,
      changesPageSize: 4,
      watcher: presence,
    });
  });

  const person = (userId: number) => ({ id: userId, username: `user-${userId}` });

  function aClient(userId: number, init: Parameters<typeof aConnection>[0] = {}): OnFakeSocket {
    return aConnection({ ...init, principal: aPrincipal({ userId, username: `user-${userId}` }) });
  }

  const present = () => presence.of(ROOM) as PresenceState;

  async function enter({ connection }: OnFakeSocket, roomId = ROOM): Promise<void> {
    await feeds.join(connection, roomId, {});
    presence.enter(connection, roomId);
  }

  /** Someone who has been in the room for so long that everybody has heard of it. */
  async function aSettledReader(userId: number, init?: Parameters<typeof aConnection>[0]) {
    const client = aClient(userId, init);
    await enter(client);
    clock.advance(INTERVAL_MS);
    client.socket.frames.length = 0;
    return client;
  }

  const told = ({ socket }: OnFakeSocket): Omit<PresenceData, 'room_id'>[] =>
    socket.framesOf('presence').map(({ data: { room_id: _, ...data } }) => data);

  it('shows a newcomer, behind the answer to the join, everybody who is there', async () => {
    await aSettledReader(1);
    const newcomer = aClient(2);

    await enter(newcomer);

    expect(newcomer.socket.frames.map(({ type }) => type)).toEqual(['messages_history', 'presence']);
    expect(newcomer.socket.framesOf('presence')[0]!.data).toEqual({
      room_id: ROOM,
      count: 2,
      users: [person(1), person(2)],
    });
  });

  it('tells the others who came and went, once an interval at most, in one encoding for all', async () => {
    const [ada, bob] = [await aSettledReader(1), await aSettledReader(2)];
    ada.socket.frames.length = 0;
    const writes = ada.socket.writes.length;

    await enter(aClient(3));
    clock.advance(INTERVAL_MS / 2);
    await enter(aClient(4));
    clock.advance(INTERVAL_MS / 2 - 1);
    const early = told(ada);
    clock.advance(1);

    expect(early).toEqual([]);
    expect(told(ada)).toEqual([{ count: 4, joined: [person(3), person(4)] }]);
    expect(ada.socket.writes.slice(writes)).toHaveLength(1);
    expect(ada.socket.writes.at(-1)).toBe(bob.socket.writes.at(-1));
  });

  it('is silent while nothing changes', async () => {
    const ada = await aSettledReader(1);

    clock.advance(100 * INTERVAL_MS);

    expect(ada.socket.frames).toEqual([]);
  });

  it('counts someone as gone only when the grace has passed', async () => {
    const [ada, bob] = [await aSettledReader(1), await aSettledReader(2)];
    ada.socket.frames.length = 0;

    bob.connection.detach();
    clock.advance(GRACE_MS - 1);
    const during = [told(ada), present().count];
    clock.advance(INTERVAL_MS);

    expect(during).toEqual([[], 2]);
    expect(told(ada)).toEqual([{ count: 1, left: [person(2)] }]);
    expect(present()).toEqual({ count: 1, users: [person(1)] });
  });

  it('says nothing of someone who comes back within the grace, or joins anew', async () => {
    const [ada, bob] = [await aSettledReader(1), await aSettledReader(2)];
    ada.socket.frames.length = 0;

    bob.connection.detach();
    clock.advance(GRACE_MS - 1);
    const back = aClient(2);
    await enter(back);
    await enter(back);
    clock.advance(2 * GRACE_MS);

    expect(told(ada)).toEqual([]);
    expect(told(back)).toEqual([
      { count: 2, users: [person(1), person(2)] },
      { count: 2, users: [person(1), person(2)] },
    ]);
  });

  it('counts a user once, who stays as long as one of the sockets does', async () => {
    const ada = await aSettledReader(1);
    const [phone, laptop] = [await aSettledReader(2), await aSettledReader(2)];
    ada.socket.frames.length = 0;

    phone.connection.detach();
    clock.advance(2 * GRACE_MS);
    const withOne = [told(ada), present().count];
    laptop.connection.detach();
    clock.advance(2 * GRACE_MS);

    expect(withOne).toEqual([[], 2]);
    expect(told(ada)).toEqual([{ count: 1, left: [person(2)] }]);
  });

  it('forgets at once, without a grace, who lost the room, with all sockets', async () => {
    const [ada, bob] = [await aSettledReader(1), await aSettledReader(2)];
    await aSettledReader(2);
    ada.socket.frames.length = 0;
    bob.socket.frames.length = 0;

    feeds.removeUser(ROOM, 2, CloseCode.Forbidden, 'removed');
    const after = present();
    clock.advance(2 * GRACE_MS);

    expect(after).toEqual({ count: 1, users: [person(1)] });
    expect(told(ada)).toEqual([{ count: 1, left: [person(2)] }]);
    expect(told(bob)).toEqual([]);
  });

  it('forgets who loses the room during the grace', async () => {
    const [, bob] = [await aSettledReader(1), await aSettledReader(2)];
    bob.connection.detach();

    const inGrace = presence.userIds(ROOM);
    feeds.removeUser(ROOM, 2, CloseCode.Forbidden, 'removed');

    expect(inGrace).toEqual([1, 2]);
    expect(presence.userIds(ROOM)).toEqual([1]);
  });

  it('does not count a connection that has lost the room before it was counted', async () => {
    const bob = aClient(2);
    await feeds.join(bob.connection, ROOM, {});
    feeds.removeUser(ROOM, 2, CloseCode.Forbidden, 'removed');

    presence.enter(bob.connection, ROOM);

    expect(present()).toEqual({ count: 0, users: [] });
    expect(told(bob)).toEqual([]);
  });

  it('tells nobody of another room', async () => {
    const elsewhere = aClient(1);
    await enter(elsewhere, 2);
    elsewhere.socket.frames.length = 0;

    await aSettledReader(2);

    expect(elsewhere.socket.framesOf('presence').filter(({ data }) => data.room_id === ROOM)).toEqual([]);
  });

  it('has nothing left of a room that all have left, or that was closed', async () => {
    const [ada] = [await aSettledReader(1)];
    ada.connection.detach();
    clock.advance(GRACE_MS + INTERVAL_MS);
    const afterAllLeft = present();
    const bob = await aSettledReader(2);
    feeds.closeRoom(ROOM, { type: 'room_closed', data: { room_id: ROOM } }, CloseCode.RoomClosed);
    clock.advance(2 * GRACE_MS);

    expect([afterAllLeft, present()]).toEqual([
      { count: 0, users: [] },
      { count: 0, users: [] },
    ]);
    expect(told(bob)).toEqual([]);
  });

  it('tells of a new name', async () => {
    const ada = await aSettledReader(1);

    feeds.renameUser(1, 'countess');
    clock.advance(INTERVAL_MS);

    const countess = { id: 1, username: 'countess' };
    expect(told(ada)).toEqual([{ count: 1, joined: [countess] }]);
    expect(present()).toEqual({ count: 1, users: [countess] });
  });

  describe('in a room with more online than are listed', () => {
    it('tells the count alone, to newcomers and to all, and everybody when it has shrunk', async () => {
      const readers: OnFakeSocket[] = [];
      for (let id = 1; id <= USERS_MAX; id++) readers.push(await aSettledReader(id));
      const [ada] = readers as [OnFakeSocket];
      ada.socket.frames.length = 0;

      const fifth = aClient(USERS_MAX + 1);
      await enter(fifth);
      clock.advance(INTERVAL_MS);
      const crowded = [told(ada), told(fifth), present()];
      readers[1]!.connection.detach();
      clock.advance(GRACE_MS + INTERVAL_MS);

      expect(crowded).toEqual([[{ count: 5 }], [{ count: 5 }, { count: 5 }], { count: 5 }]);
      expect(told(ada).slice(1)).toEqual([{ count: 4, users: [1, 3, 4, 5].map(person) }]);
      expect(told(fifth).slice(2)).toEqual(told(ada).slice(1));
    });

    it('tells everybody to all if a newcomer was shown a count between two tellings of a list', async () => {
      for (let id = 1; id < USERS_MAX; id++) await aSettledReader(id);
      const newcomer = aClient(9);

      await enter(aClient(USERS_MAX));
      await enter(newcomer);
      feeds.removeUser(ROOM, 1, CloseCode.Forbidden, 'removed');
      clock.advance(INTERVAL_MS);

      expect(told(newcomer)).toEqual([{ count: 5 }, { count: 4, users: [2, 3, 4, 9].map(person) }]);
    });
  });

  describe('a reader that cannot take more', () => {
    it('is told nothing until it can, then everybody at once', async () => {
      const slow = await aSettledReader(1);
      slow.socket.stopTaking();
      feeds.offer(log.commit(...Array.from({ length: 10 }, () => aDraft({ roomId: ROOM }))));
      slow.socket.frames.length = 0;

      await aSettledReader(2);
      const third = await aSettledReader(3);
      third.connection.detach();
      clock.advance(GRACE_MS + INTERVAL_MS);
      const meanwhile = told(slow);
      slow.socket.startTaking();
      await settled();

      expect(meanwhile).toEqual([]);
      expect(told(slow)).toEqual([{ count: 2, users: [person(1), person(2)] }]);
    });
  });

  it('costs a room one frame for each reader when 5000 reconnect, and a few when 5000 come at once', async () => {
    const COUNT = 5000;
    const crowd = Array.from({ length: COUNT }, (_, index) => aClient(index + 1));
    for (const client of crowd) await enter(client);
    clock.advance(INTERVAL_MS);
    const framesToCome = crowd.reduce((sum, client) => sum + told(client).length, 0);

    for (const { connection } of crowd) connection.detach();
    clock.advance(GRACE_MS / 2);
    const back = crowd.map((_, index) => aClient(index + 1));
    for (const client of back) await enter(client);
    clock.advance(2 * GRACE_MS);

    expect(framesToCome).toBe(2 * COUNT);
    expect(back.every((client) => told(client).length === 1)).toBe(true);
    const answers = new Set(back.map(({ socket }) => socket.writes.at(-1)));
    expect([...answers].map((bytes) => bytes!.length < 100)).toEqual([true]);
  });
});
