import { resolve } from 'node:path';
import { isEmail } from 'class-validator';
import packageJson from '../../package.json';
import { isPassword, PASSWORD_RULE, USERNAME_RULE } from '../common/validation/account-rules';
import { USERNAME_PATTERN } from '../protocol/limits';
import type { AppConfig } from './app-config';
import { ConfigError } from './config-error';
import type { EnvironmentVariables } from './environment';
import { keptSecret } from './kept-secret';
import { productionProblems } from './production-rules';
import { readSettings, type SettingValues } from './setting-values';

/**
 * The configuration that the variables ask for. Where no secret is given, and none has been kept yet,
 * it makes one in `DATA_DIR`.
 *
 * @throws ConfigError with all problems
 */
export function loadConfig(env: EnvironmentVariables): AppConfig {
  const { values, problems } = readSettings(env);
  problems.push(
    ...adminProblems(values),
    ...pageProblems(values),
    ...redisProblems(values),
    ...productionProblems(values),
  );
  if (problems.length > 0) throw new ConfigError(problems);

  const dataDir = resolve(values.DATA_DIR);
  return {
    environment: values.NODE_ENV,
    appName: values.APP_NAME,
    version: packageJson.version,
    host: values.HOST,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    docsEnabled: values.DOCS,
    databaseUrl: values.DATABASE_URL ?? null,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    searchTimeoutMs: values.SEARCH_TIMEOUT_MS,
    dataDir,
    redis: redisOf(values),
    jwtSecret: values.JWT_SECRET ?? keptSecret(dataDir),
    accessTokenSeconds: values.ACCESS_TOKEN_EXPIRE_MINUTES * 60,
    refreshTokenSeconds: values.REFRESH_TOKEN_EXPIRE_DAYS * 86_400,
    sessionsMax: values.SESSIONS_MAX,
    publicUrl: values.PUBLIC_URL ?? `http://localhost:${values.PORT}`,
    corsOrigins: values.CORS_ORIGINS,
    trustProxy: values.TRUST_PROXY,
    roomCreation: values.ROOM_CREATION,
    admin: adminOf(values),
    rateLimitsEnabled: values.RATE_LIMITS,
    limits: {
      message_max_chars: values.MESSAGE_MAX_CHARS,
      frame_max_bytes: values.FRAME_MAX_BYTES,
      messages_per_window: values.MESSAGES_PER_WINDOW,
      frames_per_window: values.FRAMES_PER_WINDOW,
      rate_window_seconds: values.RATE_WINDOW_SECONDS,
      invalid_frames_per_minute: values.INVALID_FRAMES_PER_MINUTE,
      history_page_default: values.HISTORY_PAGE_DEFAULT,
      history_page_max: values.HISTORY_PAGE_MAX,
      changes_page_max: values.CHANGES_PAGE_MAX,
      resume_max_changes: values.RESUME_MAX_CHANGES,
      reactions_max: values.REACTIONS_MAX,
      pins_max: values.PINS_MAX,
      mentions_max: values.MENTIONS_MAX,
      invites_max: values.INVITES_MAX,
      slow_mode_max_seconds: values.SLOW_MODE_MAX_SECONDS,
      rooms_created_max: values.ROOMS_CREATED_MAX,
      rooms_joined_max: values.ROOMS_JOINED_MAX,
      room_members_max: values.ROOM_MEMBERS_MAX,
      rooms_per_socket_max: values.ROOMS_PER_SOCKET_MAX,
      slow_reader_bytes: values.SLOW_READER_BYTES,
      stuck_reader_seconds: values.STUCK_READER_SECONDS,
      presence_users_max: values.PRESENCE_USERS_MAX,
      presence_interval_ms: values.PRESENCE_INTERVAL_MS,
      presence_grace_ms: values.PRESENCE_GRACE_MS,
      typing_interval_ms: values.TYPING_INTERVAL_MS,
      read_frames_max_members: values.READ_FRAMES_MAX_MEMBERS,
      heartbeat_seconds: values.HEARTBEAT_SECONDS,
      heartbeat_timeout_seconds: values.HEARTBEAT_TIMEOUT_SECONDS,
    },
    searchesPerWindow: values.SEARCHES_PER_WINDOW,
    authAttemptsPerAddress: values.AUTH_ATTEMPTS_PER_ADDRESS,
    authAttemptsPerAccount: values.AUTH_ATTEMPTS_PER_ACCOUNT,
    authWindowSeconds: values.AUTH_WINDOW_SECONDS,
    passwordWorkers: values.PASSWORD_WORKERS,
    passwordQueueMax: values.PASSWORD_QUEUE_MAX,
    connectionsMax: values.CONNECTIONS_MAX,
    upgradesPerSecond: values.UPGRADES_PER_SECOND,
    upgradesBurst: values.UPGRADES_BURST,
    drainTimeoutMs: values.DRAIN_TIMEOUT_SECONDS * 1_000,
  };
}

function adminOf(values: SettingValues): AppConfig['admin'] {
  const { ADMIN_USERNAME: username, ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = values;
  return username && email && password ? { username, email, password } : null;
}

function redisOf(values: SettingValues): AppConfig['redis'] {
  const [first, ...others] = values.REDIS_URL;
  if (values.BROKER !== 'redis' || first === undefined) return null;
  return {
    urls: [first, ...others],
    isCluster: values.REDIS_CLUSTER,
    prefix: values.REDIS_PREFIX,
    timeoutMs: values.REDIS_TIMEOUT_MS,
  };
}

/** An unreadable `REDIS_URL` has been told of already, and is undefined here. */
function redisProblems({ BROKER, REDIS_URL, REDIS_CLUSTER }: SettingValues): string[] {
  if (BROKER !== 'redis' || !REDIS_URL) return [];
  if (REDIS_URL.length === 0) return ['REDIS_URL: is required with BROKER=redis'];
  if (REDIS_URL.length > 1 && !REDIS_CLUSTER)
    return ['REDIS_URL: must be one URL unless REDIS_CLUSTER is on'];
  return [];
}

/** All three or none, by the rules of a registration. */
function adminProblems({ ADMIN_USERNAME, ADMIN_EMAIL, ADMIN_PASSWORD }: SettingValues): string[] {
  const admin = { ADMIN_USERNAME, ADMIN_EMAIL, ADMIN_PASSWORD };
  const missing = Object.entries(admin).filter(([, value]) => value === undefined);
  if (missing.length === 3) return [];
  const problems = missing.map(
    ([name]) => `${name}: is required when another of the ADMIN_ variables is set`,
  );
  if (ADMIN_USERNAME !== undefined && !USERNAME_PATTERN.test(ADMIN_USERNAME)) {
    problems.push(`ADMIN_USERNAME: ${USERNAME_RULE}`);
  }
  if (ADMIN_EMAIL !== undefined && !isEmail(ADMIN_EMAIL))
    problems.push('ADMIN_EMAIL: must be an e-mail address');
  if (ADMIN_PASSWORD !== undefined && !isPassword(ADMIN_PASSWORD))
    problems.push(`ADMIN_PASSWORD: ${PASSWORD_RULE}`);
  return problems;
}

function pageProblems({ HISTORY_PAGE_DEFAULT, HISTORY_PAGE_MAX }: SettingValues): string[] {
  return HISTORY_PAGE_DEFAULT > HISTORY_PAGE_MAX
    ? ['HISTORY_PAGE_DEFAULT: must not exceed HISTORY_PAGE_MAX']
    : [];
}
