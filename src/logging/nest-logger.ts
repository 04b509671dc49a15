import type { LoggerService } from '@nestjs/common';
import type { Level, Logger } from 'pino';

/** What the framework tells of its own start; of no interest unless one debugs it. */
const FRAMEWORK_CONTEXTS = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'WebSocketsController',
]);

/**
 * Nest's logger on pino. `log('text')`, `log({ msg: 'text', room_id: 1 })` and `error('text', error)` all work;
 * what follows the message may be an error, a stack (dropped for errors tell it better), or the context.
 */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(level: Level, message: unknown, rest: unknown[]): void {
    const last = rest.at(-1);
    const context = typeof last === 'string' ? last : undefined;
    if (level === 'info' && context && FRAMEWORK_CONTEXTS.has(context)) level = 'trace';
    if (!this.logger.isLevelEnabled(level)) return;
    const err = [message, ...rest].find((value) => value instanceof Error);
    this.logger[level]({ context, ...(err && { err }), ...fieldsOf(rest[0]), ...eventOf(message) });
  }
}

/** The event always has a text of its own, or pino would take the error's message, values and all. */
function eventOf(message: unknown): object {
  if (typeof message === 'string') return { msg: message };
  return { msg: 'error', ...fieldsOf(message) };
}

function fieldsOf(value: unknown): object {
  return typeof value === 'object' && value !== null && !(value instanceof Error) ? value : {};
}
