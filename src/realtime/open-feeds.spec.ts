import { aConnection } from '../../test/support/a-connection';
import { aDraft } from '../../test/support/a-message';
import { FakeRoomLog } from '../../test/support/fake-room-log';
import { ManualClock } from '../../test/support/manual-clock';
import type { OtherNodes } from './broker/other-nodes';
import { RoomFeeds } from './room-feeds';

describe('A room is followed, and looked after, as long as it is read', () => {
  const follows: string[] = [];
  const others = {
    follow: () => follows.push('follow'),
    unfollow: () => follows.push('unfollow'),
  } as unknown as OtherNodes;
  let log: FakeRoomLog;
  let feeds: RoomFeeds;

  beforeEach(() => {
    follows.length = 0;
    log = new FakeRoomLog(1);
    feeds = new RoomFeeds(log, new ManualClock(), {
      pageSize: 3,
      resumeMaxChanges: 10,
      changesPageSize: 4,
      others,
    });
  });
  afterEach(() => {
    expect(follows.at(-1)).toBe('follow');
    expect([...feeds.positions().keys()]).toEqual([1]);
  });

  it('also by the only reader, who joins again', async () => {
    const { connection } = aConnection();
    await feeds.join(connection, 1, {});

    await feeds.join(connection, 1, {});

    expect(follows).not.toContain('unfollow');
  });

  it('also by who knows more of it than this node', async () => {
    const { connection } = aConnection();
    await feeds.join(connection, 1, {});
    feeds.leave(connection, 1);
    log.commit(aDraft(), aDraft(), aDraft());

    await feeds.join(aConnection().connection, 1, { afterSeq: 3 });
  });

  it('also by the second of two who came at once, when the first is gone', async () => {
    const [first, second] = [aConnection().connection, aConnection().connection];
    const joining = [feeds.join(first, 1, {}), feeds.join(second, 1, {})];
    first.detach();

    await Promise.all(joining);
  });
});
