import { settled } from '../../test/support/turns';
import { InboundLane, type LaneTask } from './inbound-lane';

/** A promise that a test keeps when it wants to. */
function promised(): { promise: Promise<void>; keep: () => void; break: (error: Error) => void } {
  let keep = () => undefined as void;
  let fail = (_error: Error) => undefined as void;
  const promise = new Promise<void>((resolve, reject) => {
    keep = resolve;
    fail = reject;
  });
  return { promise, keep, break: fail };
}

describe('InboundLane', () => {
  let lane: InboundLane;
  let flow: {
    pauseReading: jest.Mock;
    resumeReading: jest.Mock;
    isCongested: boolean;
    drained: jest.Mock;
    fail: jest.Mock;
  };
  let done: string[];

  beforeEach(() => {
    done = [];
    flow = {
      pauseReading: jest.fn(),
      resumeReading: jest.fn(),
      isCongested: true,
      drained: jest.fn(() => Promise.resolve()),
      fail: jest.fn(),
    };
    lane = new InboundLane(flow);
  });

  /** A task that notes when it starts, and takes until `until` is kept. */
  const task = (name: string, until: Promise<void> = Promise.resolve(), bytes = 10): LaneTask => ({
    isPipelined: false,
    bytes,
    run: async () => {
      done.push(name);
      await until;
    },
  });

  /** A message: the next may start while `settling` is open. */
  const message = (name: string, settling: Promise<void> = Promise.resolve()): LaneTask => ({
    isPipelined: true,
    bytes: 10,
    run: async () => {
      done.push(name);
      return { settling };
    },
  });

  it('runs one task after the other, however long each takes', async () => {
    const slow = promised();
    lane.push(task('slow', slow.promise));
    lane.push(task('quick'));
    await settled();
    const before = [...done];

    slow.keep();
    await settled();

    expect(before).toEqual(['slow']);
    expect(done).toEqual(['slow', 'quick']);
  });

  it.each([0, 1, 2, 3, 4, 5, 6])(
    'takes a task that comes %i ticks after the last was pushed',
    async (ticks) => {
      lane.push(task('first'));
      for (let tick = 0; tick < ticks; tick++) await Promise.resolve();

      lane.push(task('second'));
      await settled();

      expect(done).toEqual(['first', 'second']);
    },
  );

  it('lets messages share commits: the next starts while the last settles', async () => {
    const commit = promised();

    lane.push(message('one', commit.promise));
    lane.push(message('two', commit.promise));
    await settled();

    expect(done).toEqual(['one', 'two']);
  });

  it('lets anything else wait until the messages before it have settled', async () => {
    const commit = promised();
    lane.push(message('message', commit.promise));
    lane.push(task('edit'));
    lane.push(message('later'));
    await settled();
    const before = [...done];

    commit.keep();
    await settled();

    expect(before).toEqual(['message']);
    expect(done).toEqual(['message', 'edit', 'later']);
  });

  it('has at most 256 commits under way', async () => {
    const commits = Array.from({ length: 300 }, promised);
    commits.forEach(({ promise }, index) => lane.push(message(String(index), promise)));
    await settled();
    const atFirst = done.length;

    commits[100]!.keep();
    await settled();

    expect(atFirst).toBe(256);
    expect(done.length).toBe(257);
  });

  it('starts a task only when the client has taken the answers to those before', async () => {
    const drain = promised();
    flow.drained.mockReturnValueOnce(drain.promise);
    lane.push(task('first'));
    await settled();
    const before = [...done];

    drain.keep();
    await settled();

    expect(before).toEqual([]);
    expect(done).toEqual(['first']);
  });

  describe('when too much waits', () => {
    it('pauses reading at 256 tasks and resumes at 64', async () => {
      const slow = promised();
      const steps = Array.from({ length: 256 }, promised);
      lane.push(task('slow', slow.promise));
      steps.slice(0, 255).forEach(({ promise }, index) => lane.push(task(String(index), promise)));
      const pausesAt255 = flow.pauseReading.mock.calls.length;
      lane.push(task('last', steps[255]!.promise));
      const isBackedUp = lane.isBackedUp;
      slow.keep();
      for (const { keep } of steps.slice(0, 190)) keep();
      await settled();
      const resumesWith65 = flow.resumeReading.mock.calls.length;
      const waiting = lane.length;

      steps[190]!.keep();
      await settled();

      expect([pausesAt255, isBackedUp, waiting, resumesWith65]).toEqual([0, true, 65, 0]);
      expect(flow.pauseReading).toHaveBeenCalledTimes(1);
      expect(flow.resumeReading).toHaveBeenCalledTimes(1);
      expect(lane.isBackedUp).toBe(false);
    });

    it('pauses reading at 256 KiB and resumes at 64 KiB', async () => {
      const KIB = 1024;
      const steps = Array.from({ length: 5 }, promised);
      steps.forEach(({ promise }, index) => lane.push(task(String(index), promise, 64 * KIB)));
      const isBackedUp = lane.isBackedUp;
      steps.slice(0, 2).forEach(({ keep }) => keep());
      await settled();
      const resumesAt128 = flow.resumeReading.mock.calls.length;

      steps[2]!.keep();
      await settled();

      expect([isBackedUp, resumesAt128]).toEqual([true, 0]);
      expect(flow.resumeReading).toHaveBeenCalledTimes(1);
    });
  });

  it('reports what a task throws and what fails to settle, and goes on', async () => {
    const [thrown, unsettled] = [new Error('thrown'), new Error('unsettled')];
    const commit = promised();

    lane.push(task('fails', Promise.reject(thrown)));
    lane.push(message('settles never', commit.promise));
    lane.push(message('next'));
    await settled();
    commit.break(unsettled);
    await settled();

    expect(flow.fail.mock.calls).toEqual([[thrown], [unsettled]]);
    expect(done).toEqual(['fails', 'settles never', 'next']);
  });

  it('stops at once: what waits is dropped, what comes is not taken', async () => {
    const slow = promised();
    lane.push(task('slow', slow.promise));
    lane.push(task('waits'));
    await settled();

    lane.stop();
    lane.push(task('comes'));
    slow.keep();
    await settled();

    expect(done).toEqual(['slow']);
    expect(lane.length).toBe(0);
  });

  it('stops also in front of a task that waits for the client to take what was written', async () => {
    const drained = promised();
    flow.drained.mockReturnValue(drained.promise);
    lane.push(task('never'));
    await settled();

    lane.stop();
    drained.keep();
    await settled();

    expect(flow.drained).toHaveBeenCalledTimes(1);
    expect(done).toEqual([]);
  });

  it('finishes in good order: what was taken is done and settled, what comes is not taken', async () => {
    const [slow, commit] = [promised(), promised()];
    lane.push(task('slow', slow.promise));
    lane.push(message('message', commit.promise));
    const finished = jest.fn();
    const finish = lane.finish().then(finished);
    lane.push(task('comes'));

    slow.keep();
    await settled();
    const beforeTheCommit = finished.mock.calls.length;
    commit.keep();
    await finish;

    expect(beforeTheCommit).toBe(0);
    expect(done).toEqual(['slow', 'message']);
  });
});
