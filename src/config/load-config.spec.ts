import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from './config-error';
import type { EnvironmentVariables } from './environment';
import { loadConfig } from './load-config';

const RANDOM_SECRET = '9f2c51d07be84a6f3d1e8c7b0a9f5e2d4c6b8a1f0e3d7c5b';
const PRODUCTION = { NODE_ENV: 'production', JWT_SECRET: RANDOM_SECRET };

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'simple-chat-config-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

function problemsOf(env: EnvironmentVariables): readonly string[] {
  try {
    loadConfig({ DATA_DIR: dataDir, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('needs nothing, and gives the defaults of the protocol', () => {
    const config = loadConfig({ DATA_DIR: dataDir });

    expect(config).toMatchObject({
      environment: 'development',
      port: 8000,
      publicUrl: 'http://localhost:8000',
      databaseUrl: null,
      accessTokenSeconds: 900,
      refreshTokenSeconds: 2_592_000,
      corsOrigins: [],
      trustProxy: [],
      roomCreation: 'user',
      rateLimitsEnabled: true,
      admin: null,
    });
    expect(config.limits).toEqual({
      message_max_chars: 4000,
      frame_max_bytes: 65_536,
      messages_per_window: 20,
      frames_per_window: 120,
      rate_window_seconds: 10,
      invalid_frames_per_minute: 20,
      history_page_default: 50,
      history_page_max: 100,
      changes_page_max: 100,
      resume_max_changes: 1000,
      reactions_max: 20,
      pins_max: 50,
      mentions_max: 50,
      invites_max: 100,
      slow_mode_max_seconds: 21_600,
      rooms_created_max: 1000,
      rooms_joined_max: 2000,
      room_members_max: 100_000,
      rooms_per_socket_max: 2000,
      slow_reader_bytes: 1_048_576,
      stuck_reader_seconds: 30,
      presence_users_max: 200,
      presence_interval_ms: 1000,
      presence_grace_ms: 10_000,
      typing_interval_ms: 3000,
      read_frames_max_members: 200,
      heartbeat_seconds: 25,
      heartbeat_timeout_seconds: 10,
    });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig({ DATA_DIR: dataDir, PORT: '', DATABASE_URL: '', ADMIN_USERNAME: '' }).port).toBe(8000);
  });

  it('takes announcements by PostgreSQL for granted, and asks for the address of Redis', () => {
    const redis = 'rediss://chat:hunter2@redis.example.com/3';

    expect(loadConfig({ DATA_DIR: dataDir, REDIS_URL: redis }).redis).toBeNull();
    expect(loadConfig({ DATA_DIR: dataDir, BROKER: 'redis', REDIS_URL: redis }).redis).toEqual({
      urls: [redis],
      isCluster: false,
      prefix: 'simple-chat',
      timeoutMs: 500,
    });
    expect(problemsOf({ BROKER: 'redis' })).toEqual(['REDIS_URL: is required with BROKER=redis']);
  });

  it.each(['http://hunter2:6379', 'redis://', 'hunter2', 'redis://a/chat', 'redis://a?hunter2', ','])(
    'refuses %s as the address of Redis, without repeating it',
    (url) => {
      const problems = problemsOf({ BROKER: 'redis', REDIS_URL: url });

      expect(problems).toEqual([expect.stringMatching(/^REDIS_URL: must be a URL like/)]);
      expect(problems[0]).not.toContain('hunter2');
    },
  );

  it('takes several addresses of Redis for a cluster alone', () => {
    const env = { BROKER: 'redis', REDIS_URL: 'redis://a:7000, redis://[::1]:7001' };

    expect(loadConfig({ DATA_DIR: dataDir, ...env, REDIS_CLUSTER: 'on' }).redis).toMatchObject({
      urls: ['redis://a:7000', 'redis://[::1]:7001'],
      isCluster: true,
    });
    expect(problemsOf(env)).toEqual(['REDIS_URL: must be one URL unless REDIS_CLUSTER is on']);
  });

  it('tells all problems at once, by name and without a value', () => {
    const problems = problemsOf({
      PORT: '99999',
      DATABASE_URL: 'mysql://chat:hunter2@db/chat',
      CORS_ORIGINS: 'https://ok.example,ftp://hunter2',
      LOG_LEVEL: 'hunter2',
    });

    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual([
      'CORS_ORIGINS',
      'DATABASE_URL',
      'LOG_LEVEL',
      'PORT',
    ]);
    expect(new ConfigError(problems).message).not.toContain('hunter2');
  });

  it.each([
    ['PORT', '-1'],
    ['PORT', '1e3'],
    ['PORT', ' 80'],
    ['PORT', '0x10'],
    ['ACCESS_TOKEN_EXPIRE_MINUTES', '0'],
    ['ACCESS_TOKEN_EXPIRE_MINUTES', '1.5'],
    ['MESSAGE_MAX_CHARS', 'many'],
    ['RATE_LIMITS', 'false'],
    ['ROOM_CREATION', 'anyone'],
    ['PUBLIC_URL', 'chat.example.com'],
    ['PUBLIC_URL', 'ws://chat.example.com'],
    ['PUBLIC_URL', 'https://example.com/chat'],
    ['CORS_ORIGINS', 'https://app.example.com/path'],
    ['CORS_ORIGINS', '*'],
    ['TRUST_PROXY', '300.1.1.1'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '1'],
    ['DATABASE_URL', 'localhost:5432'],
    ['NODE_ENV', 'prod'],
  ])('refuses %s=%s', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringContaining(`${name}: must be`)]);
  });

  it('refuses a default page that is longer than the longest', () => {
    expect(problemsOf({ HISTORY_PAGE_DEFAULT: '101' })).toEqual([
      expect.stringContaining('HISTORY_PAGE_DEFAULT'),
    ]);
  });

  it('reads lists, and cuts the slash at the end of an address', () => {
    const config = loadConfig({
      DATA_DIR: dataDir,
      PUBLIC_URL: 'https://chat.example.com/',
      CORS_ORIGINS: 'https://App.example.com, http://localhost:3000/',
      TRUST_PROXY: 'loopback, 10.0.0.0/8,::1',
    });

    expect(config.publicUrl).toBe('https://chat.example.com');
    expect(config.corsOrigins).toEqual(['https://app.example.com', 'http://localhost:3000']);
    expect(config.trustProxy).toEqual(['loopback', '10.0.0.0/8', '::1']);
    expect(loadConfig({ DATA_DIR: dataDir, TRUST_PROXY: 'none' }).trustProxy).toEqual([]);
  });
});

describe('the secret', () => {
  it('is made once and kept for its owner alone', () => {
    const first = loadConfig({ DATA_DIR: dataDir }).jwtSecret;
    const second = loadConfig({ DATA_DIR: dataDir }).jwtSecret;

    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(second).toBe(first);
    expect(readFileSync(join(dataDir, 'jwt-secret'), 'utf8').trim()).toBe(first);
    expect(statSync(join(dataDir, 'jwt-secret')).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['is missing', undefined],
    ['has 31 bytes', RANDOM_SECRET.slice(0, 31)],
    ['is that of .env.example', 'replace-this-by-the-output-of-openssl-rand-hex-32'],
    ['repeats itself', 'abcabcabcabcabcabcabcabcabcabcabcabc'],
  ])('is refused in production when it %s', (_, secret) => {
    expect(problemsOf({ NODE_ENV: 'production', JWT_SECRET: secret })).toEqual([
      expect.stringContaining('JWT_SECRET'),
    ]);
  });

  it('is taken in production when it is long and random', () => {
    expect(problemsOf(PRODUCTION)).toEqual([]);
  });
});

describe('production', () => {
  it('refuses to switch the rate limits off, which development may', () => {
    expect(problemsOf({ ...PRODUCTION, RATE_LIMITS: 'off' })).toEqual([
      'RATE_LIMITS: must be on in production',
    ]);
    expect(loadConfig({ DATA_DIR: dataDir, RATE_LIMITS: 'off' }).rateLimitsEnabled).toBe(false);
  });
});

describe('the administrator to make', () => {
  const ADMIN = {
    ADMIN_USERNAME: 'root.admin',
    ADMIN_EMAIL: 'admin@example.com',
    ADMIN_PASSWORD: 'correct horse',
  };

  it('is read when name, address and password are there', () => {
    expect(loadConfig({ DATA_DIR: dataDir, ...ADMIN }).admin).toEqual({
      username: 'root.admin',
      email: 'admin@example.com',
      password: 'correct horse',
    });
  });

  it.each(['ADMIN_USERNAME', 'ADMIN_EMAIL', 'ADMIN_PASSWORD'])('is refused without %s', (name) => {
    expect(problemsOf({ ...ADMIN, [name]: undefined })).toEqual([
      expect.stringContaining(`${name}: is required`),
    ]);
  });

  it.each([
    ['ADMIN_USERNAME', 'no spaces'],
    ['ADMIN_EMAIL', 'nobody'],
    ['ADMIN_PASSWORD', 'short'],
    ['ADMIN_PASSWORD', 'correct\0horse'],
    ['ADMIN_PASSWORD', 'ä'.repeat(37)],
  ])('follows the rules of a registration: %s=%s is refused', (name, value) => {
    expect(problemsOf({ ...ADMIN, [name]: value })).toEqual([expect.stringContaining(`${name}: must`)]);
  });
});
