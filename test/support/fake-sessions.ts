import type { SessionWithUser } from '../../src/auth/session.repository';
import type { ManualClock } from './manual-clock';

/** Sessions whose answers come when the test says so, with what was stored when they were asked for. */
export class FakeSessions {
  stored: SessionWithUser | null;
  private waiting: (() => void)[] = [];
  asked = 0;

  constructor(clock: ManualClock) {
    this.stored = {
      userId: 7,
      username: 'ada',
      role: 'user',
      isActive: true,
      revokedAt: null,
      expiresAt: new Date(clock.now() + 3_600_000),
    };
  }

  findWithUser(): Promise<SessionWithUser | null> {
    this.asked++;
    const answer = this.stored && { ...this.stored };
    return new Promise((resolve) => this.waiting.push(() => resolve(answer)));
  }

  /** Answers the oldest question and lets everything that follows from it happen. */
  async answer(): Promise<void> {
    this.waiting.shift()?.();
    await new Promise(setImmediate);
  }

  change(changes: Partial<SessionWithUser>): void {
    this.stored = { ...this.stored!, ...changes };
  }
}
