import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ChatError } from '../common/chat-error';
import { AppConfig } from '../config/app-config';
import { addressKey } from './address-key';

const ACQUAINTED_MAX = 10_000;
const ACQUAINTED_MS = 30 * 24 * 3600 * 1000;

/** Each kind of attempt is counted apart. */
type Attempt = 'login' | 'register' | 'refresh' | 'password';

/**
 * Counts attempts at what could be guessed or abused, per address and per account, on this node.
 *
 * An account's allowance is shared by all addresses that never logged in to it; one that did has
 * its own. So guessing from many addresses is slowed down, and its owner is not locked out by it at the
 * places where they usually are, and elsewhere for one window at most.
 */
@Injectable()
export class AttemptLimits {
  private readonly perAddress: RateLimiterMemory;
  private readonly perAccount: RateLimiterMemory;
  private readonly acquainted = new LRUCache<string, true>({ max: ACQUAINTED_MAX, ttl: ACQUAINTED_MS });

  constructor(private readonly config: AppConfig) {
    const duration = config.authWindowSeconds;
    this.perAddress = new RateLimiterMemory({ points: config.authAttemptsPerAddress, duration });
    this.perAccount = new RateLimiterMemory({ points: config.authAttemptsPerAccount, duration });
  }

  /** Takes one attempt from an address; throws `rate_limited` when there is none left. */
  async fromAddress(attempt: Attempt, ip: string | null): Promise<void> {
    await this.take(this.perAddress, `${attempt}:${addressKey(ip ?? '')}`);
  }

  /** Takes one attempt at an account, by user id or by the name that was given; throws `rate_limited`. */
  async onAccount(attempt: Attempt, account: string | number, ip: string | null): Promise<void> {
    await this.take(this.perAccount, this.accountKey(attempt, account, ip));
  }

  /** Gives the attempt back, and remembers that `ip` knows the password of the account. */
  async succeeded(attempt: Attempt, account: string | number, ip: string | null): Promise<void> {
    if (!this.config.rateLimitsEnabled) return;

    await this.perAccount.reward(this.accountKey(attempt, account, ip));
    this.acquainted.set(acquaintance(account, ip), true);
  }

  private accountKey(attempt: Attempt, account: string | number, ip: string | null): string {
    const own = acquaintance(account, ip);
    return this.acquainted.has(own) ? `${attempt}:${own}` : `${attempt}:${name(account)}`;
  }

  private async take(limiter: RateLimiterMemory, key: string): Promise<void> {
    if (!this.config.rateLimitsEnabled) return;
    try {
      await limiter.consume(key);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new ChatError('rate_limited', { retryAfterMs: Math.max(1, refusal.msBeforeNext) });
    }
  }
}

function acquaintance(account: string | number, ip: string | null): string {
  return `${name(account)}@${addressKey(ip ?? '')}`;
}

function name(account: string | number): string {
  return String(account).toLowerCase();
}
