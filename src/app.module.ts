import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from './auth/auth.module';
import { BrokerModule } from './broker/broker.module';
import { ChatModule } from './chat/chat.module';
import { LogModule } from './chat/log.module';
import type { AppConfig } from './config/app-config';
import { ConfigModule } from './config/config.module';
import { DatabaseModule } from './database/database.module';
import { DocsModule } from './docs/docs.module';
import { HealthModule } from './health/health.module';
import { ModerationModule } from './moderation/moderation.module';
import { RealtimeModule } from './realtime/realtime.module';
import { RedisModule } from './redis/redis.module';
import { RoomsModule } from './rooms/rooms.module';
import { SearchModule } from './search/search.module';
import { WsModule } from './transport/ws/ws.module';
import { UsersModule } from './users/users.module';

/** The module graph. */
@Module({})
export class AppModule {
  static with(config: AppConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(config),
        DatabaseModule,
        BrokerModule,
        RealtimeModule,
        RedisModule,
        LogModule,
        // Express tries one route after the other, so those that are asked for most come first.
        ChatModule,
        HealthModule,
        AuthModule,
        UsersModule,
        RoomsModule,
        SearchModule,
        ModerationModule,
        WsModule,
        DocsModule,
      ],
    };
  }
}
