import type { OnFakeSocket } from '../../test/support/a-connection';
import {
  aUser,
  forget,
  GRACE_MS,
  INTERVAL_MS,
  person,
  PresenceStage,
  ROOM,
  told,
  USERS_MAX,
} from '../../test/support/presence-stage';
import { CloseCode } from '../protocol/close-codes';

describe('presence in a room with more online than are listed', () => {
  let stage: PresenceStage;

  beforeEach(() => {
    stage = new PresenceStage();
  });

  it('tells the count alone, to newcomers and to all, and everybody when it has shrunk', async () => {
    const readers: OnFakeSocket[] = [];
    for (let id = 1; id <= USERS_MAX; id++) readers.push(await stage.aSettledReader(id));
    const [ada] = readers as [OnFakeSocket];
    forget(ada);

    const fifth = aUser(USERS_MAX + 1);
    await stage.enter(fifth);
    stage.clock.advance(INTERVAL_MS);
    const crowded = [told(ada), told(fifth), stage.present()];
    readers[1]!.connection.detach();
    stage.clock.advance(GRACE_MS + INTERVAL_MS);

    expect(crowded).toEqual([[{ count: 5 }], [{ count: 5 }, { count: 5 }], { count: 5 }]);
    expect(told(ada).slice(1)).toEqual([{ count: 4, users: [1, 3, 4, 5].map(person) }]);
    expect(told(fifth).slice(2)).toEqual(told(ada).slice(1));
  });

  it('tells everybody to all if a newcomer was shown a count between two tellings of a list', async () => {
    for (let id = 1; id < USERS_MAX; id++) await stage.aSettledReader(id);
    const newcomer = aUser(9);

    await stage.enter(aUser(USERS_MAX));
    await stage.enter(newcomer);
    stage.feeds.removeUser(ROOM, 1, CloseCode.Forbidden, 'removed');
    stage.clock.advance(INTERVAL_MS);

    expect(told(newcomer)).toEqual([{ count: 5 }, { count: 4, users: [2, 3, 4, 9].map(person) }]);
  });

  it('costs a room one frame for each reader when 5000 reconnect, and a few when 5000 come at once', async () => {
    const COUNT = 5000;
    const crowd = Array.from({ length: COUNT }, (_, index) => aUser(index + 1));
    for (const client of crowd) await stage.enter(client);
    stage.clock.advance(INTERVAL_MS);
    const framesToCome = crowd.reduce((sum, client) => sum + told(client).length, 0);

    for (const { connection } of crowd) connection.detach();
    stage.clock.advance(GRACE_MS / 2);
    const back = crowd.map((_, index) => aUser(index + 1));
    for (const client of back) await stage.enter(client);
    stage.clock.advance(2 * GRACE_MS);

    expect(framesToCome).toBe(2 * COUNT);
    expect(back.every((client) => told(client).length === 1)).toBe(true);
    const answers = new Set(back.map(({ socket }) => socket.writes.at(-1)));
    expect([...answers].map((bytes) => bytes!.length < 100)).toEqual([true]);
  });
});
