import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type { AppConfig } from '../config/app-config';
import { sanitizeFields } from './sanitize';
import { standardOutput } from './standard-output';

/** The log: one line of JSON an event, on standard output. Whatever is logged passes `sanitize`. */
export function createLogger(
  { logLevel, appName, version }: Pick<AppConfig, 'logLevel' | 'appName' | 'version'>,
  destination: DestinationStream = standardOutput(),
): Logger {
  return pino(
    {
      level: logLevel,
      base: { app: appName, version },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: sanitizeFields },
      // Errors are told by `sanitize`; pino's own serializer would print messages and stacks as they are.
      serializers: { err: (value: unknown) => value },
    },
    destination,
  );
}
