import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger as PinoLogger } from 'pino';
import { AppModule } from './app.module';
import { Clock } from './common/clock';
import type { AppConfig } from './config/app-config';
import { createValidationPipe } from './common/validation/validation-pipe';
import { mountDocs } from './docs/mount-docs';
import { createLogger } from './logging/logger';
import { NestLogger } from './logging/nest-logger';
import { Metrics } from './health/metrics';
import { Drain } from './realtime/drain';
import { HttpErrorFilter } from './transport/http/http-error.filter';
import { useHttpFrame } from './transport/http/http-frame';
import { ChatWsAdapter } from './transport/ws/chat-ws.adapter';
import { ChatHttpAdapter } from './transport/http/chat-http.adapter';

/** Builds the application around a configuration; it does not listen yet. The migrations must have run. */
export async function createApp(
  config: AppConfig,
  logger: PinoLogger = createLogger(config),
): Promise<NestExpressApplication> {
  const http = new ChatHttpAdapter();
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(config), http, {
    logger: new NestLogger(logger),
    bodyParser: false,
    // Whoever starts the application decides what becomes of a failure.
    abortOnError: false,
  });
  useHttpFrame(app, config, logger, app.get(Metrics), app.get(Drain));
  http.cutOffStuckReaders(config.limits.stuck_reader_seconds * 1000);
  app.useGlobalPipes(createValidationPipe());
  app.useGlobalFilters(new HttpErrorFilter(app.get(Clock)));
  app.useWebSocketAdapter(new ChatWsAdapter(app, http.requests));
  if (config.docsEnabled) mountDocs(app, config);
  return app;
}
