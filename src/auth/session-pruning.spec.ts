import { Logger } from '@nestjs/common';
import { Gate } from '../../test/support/gate';
import { ManualClock } from '../../test/support/manual-clock';
import { settled } from '../../test/support/turns';
import { SessionPruning } from './session-pruning';
import type { SessionRepository } from './session.repository';

const HOUR_MS = 3_600_000;

describe('the pruning of sessions', () => {
  let clock: ManualClock;
  let gate: Gate;
  let pruning: SessionPruning;

  beforeEach(() => {
    clock = new ManualClock();
    gate = new Gate();
    const sessions = { pruneSessions: () => gate.pass(() => undefined) };
    pruning = new SessionPruning(sessions as unknown as SessionRepository, clock);
    pruning.onApplicationBootstrap();
  });

  const hours = async (count: number) => {
    for (let left = count * HOUR_MS; left > 0; left -= HOUR_MS / 6) {
      clock.advance(HOUR_MS / 6);
      await settled();
    }
  };

  it('happens again and again, also after it has failed', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    gate.failNext();

    await hours(24);

    expect(gate.calls).toBeGreaterThan(18);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  it('is over with the module, even if it was under way', async () => {
    gate.hold();
    await hours(2);

    pruning.onModuleDestroy();
    gate.open();
    await hours(24);

    expect(gate.calls).toBe(1);
    expect(clock.waiting).toBe(0);
  });
});
