import { aDraft } from '../../test/support/a-message';
import {
  aUser,
  forget,
  GRACE_MS,
  INTERVAL_MS,
  person,
  PresenceStage,
  ROOM,
  told,
} from '../../test/support/presence-stage';
import { settled } from '../../test/support/turns';
import { CloseCode } from '../protocol/close-codes';

describe('Presence', () => {
  let stage: PresenceStage;

  beforeEach(() => {
    stage = new PresenceStage();
  });

  it('shows a newcomer, behind the answer to the join, everybody who is there', async () => {
    await stage.aSettledReader(1);
    const newcomer = aUser(2);

    await stage.enter(newcomer);

    expect(newcomer.socket.frames.map(({ type }) => type)).toEqual(['messages_history', 'presence']);
    expect(newcomer.socket.framesOf('presence')[0]!.data).toEqual({
      room_id: ROOM,
      count: 2,
      users: [person(1), person(2)],
    });
  });

  it('tells the others who came and went, once an interval at most, in one encoding for all', async () => {
    const [ada, bob] = [await stage.aSettledReader(1), await stage.aSettledReader(2)];
    forget(ada);
    const writes = ada.socket.writes.length;

    await stage.enter(aUser(3));
    stage.clock.advance(INTERVAL_MS / 2);
    await stage.enter(aUser(4));
    stage.clock.advance(INTERVAL_MS / 2 - 1);
    const early = told(ada);
    stage.clock.advance(1);

    expect(early).toEqual([]);
    expect(told(ada)).toEqual([{ count: 4, joined: [person(3), person(4)] }]);
    expect(ada.socket.writes.slice(writes)).toHaveLength(1);
    expect(ada.socket.writes.at(-1)).toBe(bob.socket.writes.at(-1));
  });

  it('is silent while nothing changes', async () => {
    const ada = await stage.aSettledReader(1);

    stage.clock.advance(100 * INTERVAL_MS);

    expect(ada.socket.frames).toEqual([]);
  });

  it('counts someone as gone only when the grace has passed', async () => {
    const [ada, bob] = [await stage.aSettledReader(1), await stage.aSettledReader(2)];
    forget(ada);

    bob.connection.detach();
    stage.clock.advance(GRACE_MS - 1);
    const during = [told(ada), stage.present().count];
    stage.clock.advance(INTERVAL_MS);

    expect(during).toEqual([[], 2]);
    expect(told(ada)).toEqual([{ count: 1, left: [person(2)] }]);
    expect(stage.present()).toEqual({ count: 1, users: [person(1)] });
  });

  it('says nothing of someone who comes back within the grace, or joins anew', async () => {
    const [ada, bob] = [await stage.aSettledReader(1), await stage.aSettledReader(2)];
    forget(ada);

    bob.connection.detach();
    stage.clock.advance(GRACE_MS - 1);
    const back = aUser(2);
    await stage.enter(back);
    await stage.enter(back);
    stage.clock.advance(2 * GRACE_MS);

    expect(told(ada)).toEqual([]);
    expect(told(back)).toEqual([
      { count: 2, users: [person(1), person(2)] },
      { count: 2, users: [person(1), person(2)] },
    ]);
  });

  it('counts a user once, who stays as long as one of the sockets does', async () => {
    const ada = await stage.aSettledReader(1);
    const [phone, laptop] = [await stage.aSettledReader(2), await stage.aSettledReader(2)];
    forget(ada);

    phone.connection.detach();
    stage.clock.advance(2 * GRACE_MS);
    const withOne = [told(ada), stage.present().count];
    laptop.connection.detach();
    stage.clock.advance(2 * GRACE_MS);

    expect(withOne).toEqual([[], 2]);
    expect(told(ada)).toEqual([{ count: 1, left: [person(2)] }]);
  });

  it('forgets at once, without a grace, who lost the room, with all sockets', async () => {
    const [ada, bob] = [await stage.aSettledReader(1), await stage.aSettledReader(2)];
    await stage.aSettledReader(2);
    forget(ada, bob);

    stage.feeds.removeUser(ROOM, 2, CloseCode.Forbidden, 'removed');
    const after = stage.present();
    stage.clock.advance(2 * GRACE_MS);

    expect(after).toEqual({ count: 1, users: [person(1)] });
    expect(told(ada)).toEqual([{ count: 1, left: [person(2)] }]);
    expect(told(bob)).toEqual([]);
  });

  it('forgets who loses the room during the grace', async () => {
    const [, bob] = [await stage.aSettledReader(1), await stage.aSettledReader(2)];
    bob.connection.detach();

    const inGrace = stage.presence.userIds(ROOM);
    stage.feeds.removeUser(ROOM, 2, CloseCode.Forbidden, 'removed');

    expect(inGrace).toEqual([1, 2]);
    expect(stage.presence.userIds(ROOM)).toEqual([1]);
  });

  it('does not count a connection that has lost the room before it was counted', async () => {
    const bob = aUser(2);
    await stage.feeds.join(bob.connection, ROOM, {});
    stage.feeds.removeUser(ROOM, 2, CloseCode.Forbidden, 'removed');

    stage.presence.enter(bob.connection, ROOM);

    expect(stage.present()).toEqual({ count: 0, users: [] });
    expect(told(bob)).toEqual([]);
  });

  it('tells nobody of another room', async () => {
    const elsewhere = aUser(1);
    await stage.enter(elsewhere, 2);
    forget(elsewhere);

    await stage.aSettledReader(2);

    expect(elsewhere.socket.framesOf('presence').filter(({ data }) => data.room_id === ROOM)).toEqual([]);
  });

  it('has nothing left of a room that all have left, or that was closed', async () => {
    const [ada] = [await stage.aSettledReader(1)];
    ada.connection.detach();
    stage.clock.advance(GRACE_MS + INTERVAL_MS);
    const afterAllLeft = stage.present();
    const bob = await stage.aSettledReader(2);
    stage.feeds.closeRoom(ROOM, { type: 'room_closed', data: { room_id: ROOM } }, CloseCode.RoomClosed);
    stage.clock.advance(2 * GRACE_MS);

    expect([afterAllLeft, stage.present()]).toEqual([
      { count: 0, users: [] },
      { count: 0, users: [] },
    ]);
    expect(told(bob)).toEqual([]);
  });

  it('tells of a new name', async () => {
    const ada = await stage.aSettledReader(1);

    stage.feeds.renameUser(1, 'countess');
    stage.clock.advance(INTERVAL_MS);

    const countess = { id: 1, username: 'countess' };
    expect(told(ada)).toEqual([{ count: 1, joined: [countess] }]);
    expect(stage.present()).toEqual({ count: 1, users: [countess] });
  });

  describe('a reader that cannot take more', () => {
    it('is told nothing until it can, then everybody at once', async () => {
      const slow = await stage.aSettledReader(1);
      slow.socket.stopTaking();
      stage.feeds.offer(stage.log.commit(...Array.from({ length: 10 }, () => aDraft({ roomId: ROOM }))));
      forget(slow);

      await stage.aSettledReader(2);
      const third = await stage.aSettledReader(3);
      third.connection.detach();
      stage.clock.advance(GRACE_MS + INTERVAL_MS);
      const meanwhile = told(slow);
      slow.socket.startTaking();
      await settled();

      expect(meanwhile).toEqual([]);
      expect(told(slow)).toEqual([{ count: 2, users: [person(1), person(2)] }]);
    });
  });
});
