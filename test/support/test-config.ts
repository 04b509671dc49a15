import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppConfig } from '../../src/config/app-config';
import { loadConfig } from '../../src/config/load-config';

const DEFAULTS = loadConfig({
  NODE_ENV: 'test',
  HOST: '127.0.0.1',
  PORT: '0',
  PUBLIC_URL: 'http://localhost:8000',
  DATA_DIR: join(tmpdir(), 'simple-chat-tests'),
  JWT_SECRET: 'only-tests-know-this-9f2c51d07be84a6f3d1e',
  LOG_LEVEL: 'silent',
  RATE_LIMITS: 'off',
});

/** A configuration for tests: the defaults, but quiet, without rate limits, on a port of the system's choice. */
export function aTestConfig(overrides: Partial<AppConfig> = {}): AppConfig {
  return { ...DEFAULTS, ...overrides };
}
