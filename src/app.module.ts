import { type DynamicModule, Module } from '@nestjs/common';
import type { AppConfig } from './config/app-config';
import { RealtimeModule } from './realtime/realtime.module';

/** The module graph. */
@Module({})
export class AppModule {
  static with(_config: AppConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [RealtimeModule],
    };
  }
}
