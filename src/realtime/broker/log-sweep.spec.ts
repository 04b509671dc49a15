import { aDraft } from '../../../test/support/a-message';
import { FakeRoomLog } from '../../../test/support/fake-room-log';
import { ManualClock } from '../../../test/support/manual-clock';
import { settled } from '../../../test/support/turns';
import type { LogTails } from '../room-log';
import { LogSweep } from './log-sweep';

describe('LogSweep', () => {
  let log: FakeRoomLog;
  let clock: ManualClock;
  let positions: Map<number, number>;
  let isBrokerUp: boolean;
  let found: LogTails[];
  let failures: unknown[];
  let take: (tails: LogTails) => void;
  let sweep: LogSweep;

  beforeEach(() => {
    log = new FakeRoomLog(1, 2, 3);
    clock = new ManualClock();
    positions = new Map([
      [1, 0],
      [2, 0],
    ]);
    [isBrokerUp, found, failures] = [true, [], []];
    take = (tails) => found.push(tails);
    sweep = new LogSweep(log, clock, {
      positions: () => positions,
      isBrokerUp: () => isBrokerUp,
      found: (tails) => take(tails),
      failed: (error) => failures.push(error),
    });
    sweep.start();
  });

  async function pass(ms: number): Promise<void> {
    for (let at = 0; at < ms; at += 100) {
      clock.advance(100);
      await settled();
    }
  }

  it.each([true, false])(
    'finds within a second what was committed, while the broker is up: %s',
    async (isUp) => {
      isBrokerUp = isUp;
      log.commit(aDraft({ roomId: 2 }), aDraft({ roomId: 3 }));

      await pass(1000);

      expect(found[0]).toEqual({ epoch: log.epoch, lastSeqs: new Map([[2, 1]]) });
    },
  );

  it('tells of it a moment later, for it may be announced by then', async () => {
    log.commit(aDraft());

    sweep.lookAt(1);
    await settled();
    expect(found).toEqual([]);
    await pass(100);

    expect(found).toHaveLength(1);
  });

  it('asks nothing while nobody reads', async () => {
    positions.clear();

    await pass(5000);

    expect(log.sweeps.calls).toBe(0);
  });

  it('asks at a thousand rooms a second while the broker is up, and does not spare when it is down', async () => {
    for (let roomId = 1; roomId <= 3000; roomId++) {
      log.addRoom(roomId);
      positions.set(roomId, 0);
    }
    await pass(6000);
    const whileUp = log.sweeps.calls;
    isBrokerUp = false;
    await pass(6000);

    expect(whileUp).toBeLessThanOrEqual(3);
    expect(log.sweeps.calls - whileUp).toBeGreaterThan(4);
  });

  it('asks a database that does not answer once, and goes on when it does', async () => {
    log.sweeps.hold();
    await pass(5000);
    expect(log.sweeps.calls).toBe(1);

    log.sweeps.waiting[0]!.fail();
    log.sweeps.open();
    log.commit(aDraft());
    await pass(2000);

    expect(found.at(-1)?.lastSeqs).toEqual(new Map([[1, 1]]));
  });

  it('tells of a log that could not be asked, and asks it again', async () => {
    log.sweeps.hold();
    await pass(1000);

    log.sweeps.waiting[0]!.fail();
    await pass(10);

    expect(failures).toHaveLength(1);
  });

  it('tells of what could not be taken, and goes on', async () => {
    const fault = new Error('a fault');
    const takeWell = take;
    take = () => {
      take = takeWell;
      throw fault;
    };
    log.commit(aDraft());

    await pass(2000);

    expect(failures).toEqual([fault]);
    expect(found.at(-1)?.lastSeqs).toEqual(new Map([[1, 1]]));
  });

  it('looks at single rooms at once, those of the same moment together', async () => {
    log.sweeps.hold();
    sweep.lookAt(1);
    sweep.lookAt(2);
    sweep.lookAt(1);
    log.commit(aDraft({ roomId: 1 }), aDraft({ roomId: 2 }));
    log.sweeps.open();
    await pass(300);

    expect(log.sweeps.calls).toBe(2);
    expect(found.map(({ lastSeqs }) => [...lastSeqs.keys()])).toEqual([[1], [1, 2]]);
  });

  it('asks no more once it is stopped', async () => {
    sweep.stop();
    sweep.lookAtAll();

    await pass(3000);

    expect(log.sweeps.calls).toBe(0);
  });
});
