import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../common/clock';
import { AppConfig } from '../config/app-config';
import { LocalRateLimits, RateLimits, SharedRateLimits } from '../realtime/rate-limits';
import { RedisConnection } from './redis-connection';
import { RedisUsageLedger } from './redis-usage-ledger';

/** What nodes count together. The connection is null, and each node counts for itself, unless the broker is Redis. */
@Global()
@Module({
  providers: [
    {
      provide: RedisConnection,
      inject: [AppConfig],
      useFactory: ({ redis }: AppConfig) => redis && new RedisConnection(redis),
    },
    {
      provide: RateLimits,
      inject: [Clock, RedisConnection],
      useFactory: (clock: Clock, redis: RedisConnection | null) =>
        redis ? new SharedRateLimits(clock, new RedisUsageLedger(redis)) : new LocalRateLimits(clock),
    },
  ],
  exports: [RedisConnection, RateLimits],
})
export class RedisModule implements OnApplicationShutdown {
  constructor(@Inject(RedisConnection) private readonly redis: RedisConnection | null) {}

  onApplicationShutdown(): void {
    this.redis?.end();
  }
}
