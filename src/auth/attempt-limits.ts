import { Injectable } from '@nestjs/common';
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import { ChatError } from '../common/chat-error';
import { AppConfig } from '../config/app-config';
import { addressKey } from './address-key';
import { AttemptStore } from './attempt-store';
import { simpleLowerCase } from './simple-lower-case';

/** Each kind of attempt is counted apart. */
type Attempt = 'login' | 'register' | 'refresh' | 'password';

/**
 * Counts attempts at what could be guessed or abused, per address and per account.
 *
 * An account's allowance is shared by all addresses that never logged in to it; one that did has
 * its own. So guessing from many addresses is slowed down, and its owner is not locked out by it at the
 * places where they usually are, and elsewhere for one window at most.
 */
@Injectable()
export class AttemptLimits {
  private readonly perAddress: RateLimiterAbstract;
  private readonly perAccount: RateLimiterAbstract;

  constructor(
    private readonly config: AppConfig,
    private readonly store: AttemptStore,
  ) {
    const { authAttemptsPerAddress, authAttemptsPerAccount, authWindowSeconds } = config;
    this.perAddress = store.counter('address', authAttemptsPerAddress, authWindowSeconds);
    this.perAccount = store.counter('account', authAttemptsPerAccount, authWindowSeconds);
  }

  /** Takes one attempt from an address; throws `rate_limited` when there is none left. */
  async fromAddress(attempt: Attempt, ip: string | null): Promise<void> {
    await this.take(this.perAddress, `${attempt}:${addressKey(ip ?? '')}`);
  }

  /** Takes one attempt at an account, by user id or by the name that was given; throws `rate_limited`. */
  async onAccount(attempt: Attempt, account: string | number, ip: string | null): Promise<void> {
    if (!this.config.rateLimitsEnabled) return;

    await this.take(this.perAccount, await this.accountKey(attempt, account, ip));
  }

  /** Gives the attempt back, and remembers that `ip` knows the password of the account. */
  async succeeded(attempt: Attempt, account: string | number, ip: string | null): Promise<void> {
    if (!this.config.rateLimitsEnabled) return;

    await this.perAccount.reward(await this.accountKey(attempt, account, ip));
    await this.store.remember(acquaintance(account, ip));
  }

  private async accountKey(attempt: Attempt, account: string | number, ip: string | null): Promise<string> {
    const own = acquaintance(account, ip);
    return (await this.store.remembers(own)) ? `${attempt}:${own}` : `${attempt}:${name(account)}`;
  }

  private async take(limiter: RateLimiterAbstract, key: string): Promise<void> {
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
  return simpleLowerCase(String(account));
}
