import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module';
import type { AppConfig } from './config/app-config';

/** Builds the application around a configuration; it does not listen yet. The migrations must have run. */
export async function createApp(config: AppConfig): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(config), {
    bufferLogs: true,
    bodyParser: false,
  });
  app.setGlobalPrefix('api/v1', {
    exclude: ['/', 'health{/*path}', 'metrics', 'openapi.json', 'docs{/*path}', 'redoc'],
  });
  return app;
}
