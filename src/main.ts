import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { readEnvironment } from './config/environment';
import { loadConfig } from './config/load-config';
import { explainFailure } from './explain-failure';
import { greeting } from './greeting';
import { createLogger } from './logging/logger';
import { NestLogger } from './logging/nest-logger';
import { standardOutput } from './logging/standard-output';
import { Server } from './server';

/** A stop that takes longer is cut; an embedded PostgreSQL ends by itself then. */
const STOP_DEADLINE_MS = 14_500;
/** npm passes Ctrl-C on to a process that the terminal has told already: that is not a second signal. */
const SAME_SIGNAL_MS = 500;

const logger = new Logger('Main');

async function main(): Promise<void> {
  const config = loadConfig(readEnvironment());
  Logger.overrideLogger(new NestLogger(createLogger(config)));
  process.on('unhandledRejection', (reason) =>
    logger.error('A promise was rejected, and nothing handled it', reason),
  );
  process.on('uncaughtException', (error) => {
    logger.fatal('An exception was thrown, and nothing caught it', error);
    process.exit(1);
  });

  const server = new Server(config);
  const isStopping = stopOnSignal(server);
  try {
    const port = await server.start();
    logger.log({ msg: 'Listening', host: config.host, port });
    // Behind the lines of the start, which may still be waiting.
    if (config.environment !== 'production') standardOutput().write(greeting(config, port));
  } catch (error) {
    // What a start fails of when it is stopped is no fault; the stop ends the process.
    if (isStopping()) return;
    if (explainFailure(error) === null) logger.error('The server cannot start', error);
    await server.stop().catch(() => undefined);
    throw error;
  }
}

/** Gives whether a stop has begun. */
function stopOnSignal(server: Server): () => boolean {
  let stoppingSince: number | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stoppingSince !== null) {
      if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    logger.log(`${signal}: draining`);
    setTimeout(() => {
      logger.warn('The stop takes too long, and is cut');
      process.exit(1);
    }, STOP_DEADLINE_MS).unref();
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error('The stop failed', error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return () => stoppingSince !== null;
}

main().catch((error: unknown) => {
  process.stderr.write(`${explainFailure(error) ?? (error as Error).message}\n`);
  process.exit(1);
});
