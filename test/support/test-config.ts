import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppConfig } from '../../src/config/app-config';
import type { Limits } from '../../src/protocol/limits';

export const TEST_LIMITS: Limits = {
  message_max_chars: 4_000,
  frame_max_bytes: 65_536,
  messages_per_window: 20,
  frames_per_window: 120,
  rate_window_seconds: 10,
  invalid_frames_per_minute: 20,
  history_page_default: 50,
  history_page_max: 100,
  changes_page_max: 100,
  resume_max_changes: 1_000,
  slow_reader_bytes: 1_048_576,
  stuck_reader_seconds: 30,
  heartbeat_seconds: 25,
  heartbeat_timeout_seconds: 10,
};

/** A configuration for tests: quiet, without rate limits, on a port of the system's choice. */
export function aTestConfig(overrides: Partial<AppConfig> = {}): AppConfig {
  return {
    environment: 'test',
    appName: 'simple-chat',
    version: '0.0.0-test',
    host: '127.0.0.1',
    port: 0,
    logLevel: 'silent',
    docsEnabled: true,
    databaseUrl: null,
    databasePoolSize: 10,
    dataDir: join(tmpdir(), 'simple-chat-unused'),
    jwtSecret: 'a secret that only tests know, 32 bytes or more',
    accessTokenSeconds: 900,
    refreshTokenSeconds: 2_592_000,
    publicUrl: 'http://localhost:8000',
    corsOrigins: [],
    trustProxy: [],
    roomCreation: 'user',
    admin: null,
    rateLimitsEnabled: false,
    limits: TEST_LIMITS,
    authAttemptsPerAddress: 100,
    authAttemptsPerAccount: 10,
    authWindowSeconds: 60,
    passwordWorkers: 1,
    passwordQueueMax: 100,
    connectionsMax: 10_000,
    drainTimeoutMs: 5_000,
    ...overrides,
  };
}
