import { Gate } from '../../../test/support/gate';
import { ManualClock } from '../../../test/support/manual-clock';
import { ChatError } from '../../common/chat-error';
import { UpgradePace } from './upgrade-pace';

const PER_SECOND = 100;
const BURST = 20;
const STORM = 1000;

describe('the pace of handshakes', () => {
  let clock: ManualClock;
  let pace: UpgradePace;

  beforeEach(() => {
    clock = new ManualClock();
    pace = new UpgradePace(clock, { perSecond: PER_SECOND, burst: BURST });
  });

  /** Null if it was let in, otherwise when to come again. */
  async function dial(judge = async () => undefined): Promise<number | null> {
    try {
      await pace.keep(judge);
      return null;
    } catch (error) {
      expect(error).toMatchObject({ code: 'server_busy', details: { retryAfterMs: expect.any(Number) } });
      return (error as ChatError).details.retryAfterMs!;
    }
  }

  async function answersOf(count: number): Promise<(number | null)[]> {
    const answers: (number | null)[] = [];
    for (let n = 0; n < count; n++) answers.push(await dial());
    return answers;
  }

  async function laterOf(count: number): Promise<number[]> {
    return (await answersOf(count)).filter((answer) => answer !== null);
  }

  async function letInOf(count: number): Promise<number> {
    return (await answersOf(count)).filter((answer) => answer === null).length;
  }

  it('lets a burst in at once, then so many a second', async () => {
    expect(await letInOf(STORM)).toBe(BURST);

    clock.advance(50);
    expect(await letInOf(STORM)).toBe(5);

    clock.advance(60_000);
    expect(await letInOf(STORM)).toBe(BURST);
  });

  it('never notices who dials at its pace', async () => {
    for (let n = 0; n < 1000; n++) {
      expect(await dial()).toBeNull();
      clock.advance(10);
    }
  });

  it('has a storm come again when its turn is, one after the other at its pace, none within a second', async () => {
    const answers = await laterOf(BURST + STORM);

    const gap = 1000 / PER_SECOND;
    expect(answers).toEqual(Array.from({ length: STORM }, (_, n) => 1000 + (n + 1) * gap));
  });

  it('lets nobody else in while a burst of them is being judged, however long that takes', async () => {
    const gate = new Gate();
    gate.hold();
    const slow = Array.from({ length: BURST }, () => dial(() => gate.pass(() => undefined)));
    clock.advance(60_000);

    const meanwhile = await dial();
    gate.open();
    const judged = await Promise.all(slow);

    expect(meanwhile).toBeGreaterThanOrEqual(1000);
    expect(judged).toEqual(Array.from({ length: BURST }, () => null));
    expect(await dial()).toBeNull();
  });

  it('counts who was judged and refused no longer as being judged', async () => {
    const refuse = () => Promise.reject(new ChatError('token_invalid'));
    const refused = await Promise.allSettled(Array.from({ length: BURST }, () => pace.keep(refuse)));
    clock.advance(60_000);

    expect(refused.every(({ status }) => status === 'rejected')).toBe(true);
    expect(await letInOf(BURST)).toBe(BURST);
  });

  it('asks nobody for more than a minute, however many come', async () => {
    const answers = await laterOf(20_000);

    expect(Math.max(...answers)).toBe(60_000);
  });

  it('has forgotten a storm when it is over', async () => {
    await letInOf(STORM);
    clock.advance(20_000);
    await letInOf(BURST);

    expect(await dial()).toBeLessThanOrEqual(1000 + 1000 / PER_SECOND);
  });

  it('lets everybody of a storm in who comes again in whole seconds, as told, and hardly anybody is told twice', async () => {
    pace = new UpgradePace(clock, { perSecond: PER_SECOND, burst: PER_SECOND });
    const waiting = Array.from({ length: STORM }, () => ({ at: 0 }));
    let refusals = 0;
    let now = 0;
    for (; waiting.length > 0; now += 10) {
      for (const client of waiting.filter(({ at }) => at <= now)) {
        const answer = await dial();
        if (answer === null) waiting.splice(waiting.indexOf(client), 1);
        else {
          client.at = now + Math.ceil(answer / 1000) * 1000;
          refusals += 1;
        }
      }
      clock.advance(10);
    }

    expect(refusals).toBeLessThan(1.3 * STORM);
    expect(now).toBeLessThanOrEqual(1.5 * (STORM / PER_SECOND) * 1000);
  });
});
