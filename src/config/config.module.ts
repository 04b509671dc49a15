import { type DynamicModule, Module } from '@nestjs/common';
import { AppConfig } from './app-config';

/** Gives everyone the `AppConfig` that the process was started with. */
@Module({})
export class ConfigModule {
  static with(config: AppConfig): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: AppConfig, useValue: config }],
      exports: [AppConfig],
    };
  }
}
