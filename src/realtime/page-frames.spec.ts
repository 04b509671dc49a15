import { aMessage } from '../../test/support/a-message';
import { ManualClock } from '../../test/support/manual-clock';
import { Gate } from '../../test/support/gate';
import type { ChangesPage } from '../protocol/models';
import { PageFrame, PageFrames } from './page-frames';

describe('the frames of pages', () => {
  let clock: ManualClock;
  let frames: PageFrames;
  let gate: Gate;

  beforeEach(() => {
    clock = new ManualClock();
    frames = new PageFrames(1, clock);
    gate = new Gate();
  });

  function pageTo(lastSeq: number, content = 'hi'): ChangesPage {
    const messages = [aMessage({ id: lastSeq, seq: lastSeq, content })];
    return { messages, last_seq: lastSeq, epoch: 'one', has_more: false };
  }

  const read = (page = pageTo(5)) => gate.pass(() => page);

  /** The payload behind the header of a frame of this length. */
  const jsonIn = (bytes: Buffer): unknown => JSON.parse(bytes.subarray(bytes.indexOf('{')).toString());

  it('are the pages as they would be sent to one, with the name of a request that they answer', async () => {
    const frame = await frames.of(4, read);

    const data = { room_id: 1, ...pageTo(5) };
    expect(jsonIn(frame.bytes())).toEqual({ type: 'changes', data });
    expect(jsonIn(frame.bytes('r"1'))).toEqual({ type: 'changes', request_id: 'r"1', data });
    expect(jsonIn(frame.bytes(0))).toEqual({ type: 'changes', request_id: 0, data });
    expect(frame.lastSeq).toBe(5);
  });

  it('are made once for all who ask from the same position, be it in the same turn', async () => {
    const [first, second] = await Promise.all([frames.of(4, read), frames.of(4, read)]);
    const later = await frames.of(4, read);

    expect([second, later].every((frame) => frame === first)).toBe(true);
    expect(later.bytes()).toBe(first.bytes());
  });

  it('are made anew after what is new, also if that came while they were read', async () => {
    gate.hold();
    const overtaken = frames.of(4, read);
    const other = frames.of(3, read);
    frames.clear();
    gate.open();
    await Promise.all([overtaken, other]);
    await frames.of(3, read);
    frames.clear();

    const now = await frames.of(4, () => read(pageTo(6)));
    const other2 = await frames.of(3, () => read(pageTo(6)));

    expect([now.lastSeq, other2.lastSeq]).toEqual([6, 6]);
  });

  it('are not kept if something new came while the first of them was read', async () => {
    gate.hold();
    const overtaken = frames.of(4, read);
    frames.clear();
    gate.open();
    await overtaken;

    const now = await frames.of(4, () => read(pageTo(6)));

    expect(now.lastSeq).toBe(6);
  });

  it('take no room from those that are kept if they are not', async () => {
    const large = pageTo(5, 'x'.repeat(300_000));
    gate.hold();
    const overtaken = frames.of(4, () => read(large));
    frames.clear();
    gate.open();
    await overtaken;

    await frames.of(5, () => read(large));
    await frames.of(5, () => read(large));

    expect(gate.calls).toBe(2);
  });

  it('are the newest page, too: made once, until something is new or a moment has passed', () => {
    let made = 0;
    const newest = () => {
      const page = { ...pageTo(++made), next_cursor: null };
      return new PageFrame({ type: 'messages_history', data: { room_id: 1, ...page } });
    };
    const ask = () => frames.newest(newest).lastSeq;

    const atFirst = [ask(), ask()];
    frames.clear();
    const afterNews = [ask(), ask()];
    clock.advance(2000);

    expect([...atFirst, ...afterNews, ask()]).toEqual([1, 1, 2, 2, 3]);
  });

  it('are let go after a moment', async () => {
    await frames.of(4, read);
    clock.advance(2000);

    const now = await frames.of(4, () => read(pageTo(6)));

    expect(now.lastSeq).toBe(6);
  });

  it('are kept up to a limit only', async () => {
    const large = 'x'.repeat(300_000);
    await frames.of(1, () => read(pageTo(2, large)));
    await frames.of(2, () => read(pageTo(3, large)));

    await frames.of(1, read);
    await frames.of(2, read);

    expect(gate.calls).toBe(3);
  });
});
