import { Global, Logger, Module } from '@nestjs/common';
import { Clock } from '../common/clock';
import { AppConfig } from '../config/app-config';
import { Broker } from '../realtime/broker/broker';
import { createRedisBroker } from '../redis/create-redis-broker';
import { PostgresBroker } from './postgres-broker';

const logger = new Logger('Broker');

/** The broker that the configuration asks for. */
@Global()
@Module({
  providers: [
    {
      provide: Broker,
      inject: [AppConfig, Clock],
      useFactory: (config: AppConfig, clock: Clock): Broker =>
        config.redis
          ? createRedisBroker(config.redis, clock, { report: reportRedis })
          : new PostgresBroker(config, clock),
    },
  ],
  exports: [Broker],
})
export class BrokerModule {}

function reportRedis(trouble: Error | null): void {
  if (trouble) logger.warn(`Redis is out of reach: ${trouble.message}`);
  else logger.log('Redis is there again');
}
