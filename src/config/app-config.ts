import type { Limits } from '../protocol/limits';

export type Environment = 'production' | 'development' | 'test';
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

export interface RedisConfig {
  /** Of a cluster, some of its nodes. With credentials, so not for the log. */
  readonly urls: readonly [string, ...string[]];
  readonly isCluster: boolean;
  /** What names begin with in Redis. */
  readonly prefix: string;
  /** How long a command may take before the node goes on without Redis. */
  readonly timeoutMs: number;
}

/** What the process runs with. Made once, by `loadConfig`; injected everywhere; nobody else reads the environment. */
export abstract class AppConfig {
  abstract readonly environment: Environment;
  abstract readonly appName: string;
  abstract readonly version: string;
  abstract readonly host: string;
  /** 0 lets the system choose. */
  abstract readonly port: number;
  abstract readonly logLevel: LogLevel;
  abstract readonly docsEnabled: boolean;

  /** Null: the embedded PostgreSQL is started in `dataDir`. */
  abstract readonly databaseUrl: string | null;
  abstract readonly databasePoolSize: number;
  /** How long the database may work at one search. */
  abstract readonly searchTimeoutMs: number;
  abstract readonly dataDir: string;

  /** What carries announcements between nodes, and counts over all of them; null: PostgreSQL, and nothing. */
  abstract readonly redis: RedisConfig | null;

  abstract readonly jwtSecret: string;
  abstract readonly accessTokenSeconds: number;
  abstract readonly refreshTokenSeconds: number;
  /** Living sessions of one user. */
  abstract readonly sessionsMax: number;

  /** Where clients find this server, without a trailing slash. */
  abstract readonly publicUrl: string;
  /** Origins, beside that of `publicUrl`, whose pages may call the API and open sockets. */
  abstract readonly corsOrigins: readonly string[];
  /** Addresses or networks of proxies whose `X-Forwarded-For` counts; empty: none. */
  abstract readonly trustProxy: readonly string[];

  /** Who may create rooms. */
  abstract readonly roomCreation: 'user' | 'admin';
  /** An administrator to make at start if nobody has the name. */
  abstract readonly admin: { username: string; email: string; password: string } | null;

  /** False (tests, benchmarks) switches every rate limit, 4400 and 4429 off. */
  abstract readonly rateLimitsEnabled: boolean;
  abstract readonly limits: Limits;
  /** Searches of one user within the window of `limits`. */
  abstract readonly searchesPerWindow: number;
  /** Logins, registrations and refreshes: attempts per window, for each address and for each account. */
  abstract readonly authAttemptsPerAddress: number;
  abstract readonly authAttemptsPerAccount: number;
  abstract readonly authWindowSeconds: number;

  /** Threads that hash passwords, and how many hashes may wait for them. */
  abstract readonly passwordWorkers: number;
  abstract readonly passwordQueueMax: number;

  /** Sockets this node takes. */
  abstract readonly connectionsMax: number;
  /** Handshakes that are judged in a second, and at once after a quiet time; others are refused with 503. */
  abstract readonly upgradesPerSecond: number;
  abstract readonly upgradesBurst: number;
  /** How long a drain may take before what is left is cut. */
  abstract readonly drainTimeoutMs: number;
}
