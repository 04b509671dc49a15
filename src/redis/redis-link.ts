import { Redis } from 'ioredis';
import type { RedisConfig } from '../config/app-config';
import { redisOptions } from './redis-options';

const CHANNELS_PER_COMMAND = 1000;

export interface RedisLinkEvents {
  message(channel: string, payload: Buffer): void;
  /** The link is of no use any more. May be told more than once, and after `end`. */
  lost: (error: Error) => void;
}

/**
 * One life of the connection that carries announcements: opened, used until the first doubt, thrown away. It never
 * repairs itself: whoever holds it opens another, so there is one way back, whatever went wrong.
 */
export abstract class RedisLink {
  /** Connects, with nothing subscribed. Rejects if that is impossible; may take for ever. */
  abstract open(): Promise<void>;

  /** Rejects if Redis did not get it, or may not have. */
  abstract publish(channel: string, payload: string): Promise<unknown>;

  /** Resolves when Redis has confirmed all of them. */
  abstract subscribe(channels: readonly string[]): Promise<void>;

  abstract unsubscribe(channel: string): Promise<unknown>;

  /** Channels that between them go through every server which subscriptions depend on, at this moment. */
  abstract probeChannels(): string[];

  /** Ends every connection, whether the server answers or not. */
  abstract end(): void;
}

/** One Redis, or the address of whichever is the master now: a connection to publish, one to subscribe. */
export class SingleRedisLink extends RedisLink {
  private readonly publisher: Redis;
  private readonly subscriber: Redis;

  /** `probe` is the name of a channel that nobody else uses. */
  constructor(
    config: RedisConfig,
    private readonly probe: string,
    events: RedisLinkEvents,
  ) {
    super();
    const once = { retryStrategy: () => null, autoResubscribe: false, enableReadyCheck: false };
    this.publisher = new Redis({ ...redisOptions(config, 'publisher'), ...once, enableAutoPipelining: true });
    this.subscriber = new Redis({ ...redisOptions(config, 'subscriber'), ...once });
    for (const client of [this.publisher, this.subscriber]) {
      client.on('error', events.lost);
      client.on('end', () => events.lost(new Error('Redis has closed the connection.')));
    }
    this.subscriber.on('messageBuffer', (channel: Buffer, payload: Buffer) =>
      events.message(channel.toString(), payload),
    );
  }

  async open(): Promise<void> {
    await Promise.all([this.publisher.connect(), this.subscriber.connect()]);
  }

  publish(channel: string, payload: string): Promise<unknown> {
    return this.publisher.publish(channel, payload);
  }

  async subscribe(channels: readonly string[]): Promise<void> {
    const commands: Promise<unknown>[] = [];
    for (let first = 0; first < channels.length; first += CHANNELS_PER_COMMAND) {
      commands.push(this.subscriber.subscribe(...channels.slice(first, first + CHANNELS_PER_COMMAND)));
    }
    await Promise.all(commands);
  }

  unsubscribe(channel: string): Promise<unknown> {
    return this.subscriber.unsubscribe(channel);
  }

  probeChannels(): string[] {
    return [this.probe];
  }

  end(): void {
    for (const client of [this.publisher, this.subscriber]) if (client.status !== 'end') client.disconnect();
  }
}
