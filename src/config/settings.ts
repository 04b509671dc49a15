import {
  channelPrefix,
  httpUrl,
  integer,
  onOff,
  oneOf,
  origins,
  postgresUrl,
  proxies,
  redisUrls,
  text,
} from './validators';

/**
 * The one table of variables. Types, defaults, `.env.example` and docs/settings.md come from it.
 *
 * `desc` is for people; `docs` tells a default that is not a plain value; `example` stands in `.env.example`
 * where the default is nothing to copy. An empty variable counts as not set.
 */

const MOST = 1_000_000_000;

const server = {
  NODE_ENV: oneOf(['development', 'production', 'test'], {
    default: 'development',
    desc: 'In `production`, unsafe settings are refused.',
  }),
  HOST: text({ default: '0.0.0.0', desc: 'Address to listen on.' }),
  PORT: integer(0, 65_535, { default: 8_000, desc: 'Port to listen on; 0 lets the system choose.' }),
  PUBLIC_URL: httpUrl({
    default: undefined,
    desc: 'Where clients find this server. Pages of this origin may open sockets.',
    docs: '`http://localhost:PORT`',
    example: 'https://chat.example.com',
  }),
  CORS_ORIGINS: origins({
    default: [],
    desc: 'Origins, separated by commas, whose pages may call the API and open sockets beside those of `PUBLIC_URL`.',
    example: 'https://app.example.com,https://admin.example.com',
  }),
  TRUST_PROXY: proxies({
    default: [],
    desc: 'Proxies whose `X-Forwarded-For` counts: addresses, networks or `loopback`, separated by commas; `none`: nobody’s.',
    docs: '`none`',
    example: 'loopback,10.0.0.0/8',
  }),
  APP_NAME: text({
    default: 'simple-chat',
    desc: 'The name in `/health` and in PostgreSQL’s list of sessions.',
  }),
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    desc: 'The least important events that are logged.',
  }),
  DOCS: onOff({ default: true, desc: 'Whether `/docs`, `/redoc` and `/openapi.json` are served.' }),
  CONNECTIONS_MAX: integer(1, MOST, { default: 10_000, desc: 'Sockets that this node takes.' }),
  UPGRADES_PER_SECOND: integer(1, MOST, {
    default: 500,
    desc: 'Handshakes of sockets that this node judges in a second; what comes on top is told with 503 when to come again.',
  }),
  UPGRADES_BURST: integer(1, MOST, {
    default: 500,
    desc: 'Handshakes that it judges at once after a quiet time.',
  }),
  DRAIN_TIMEOUT_SECONDS: integer(1, 12, {
    default: 8,
    desc: 'How long a stop waits for what is under way before it is cut.',
  }),
};

const storage = {
  DATA_DIR: text({
    default: './data',
    desc: 'Directory of the embedded PostgreSQL and of the secret that was made.',
  }),
  DATABASE_URL: postgresUrl({
    default: undefined,
    desc: 'PostgreSQL to use.',
    docs: 'the embedded PostgreSQL',
    example: 'postgres://chat:password@db.example.com:5432/chat',
  }),
  DATABASE_POOL_SIZE: integer(1, 1_000, {
    default: 10,
    desc: 'Connections for requests; the log and the search have a few of their own.',
  }),
  SEARCH_TIMEOUT_MS: integer(10, 60_000, {
    default: 2_000,
    desc: 'How long the database may work at one search of messages, in milliseconds.',
  }),
};

const nodes = {
  BROKER: oneOf(['postgres', 'redis'], {
    default: 'postgres',
    desc: 'What carries announcements between the nodes of one database: `postgres` (the database itself), or `redis` (Redis or Valkey), which also counts the rate limits over all nodes.',
  }),
  REDIS_URL: redisUrls({
    default: [],
    desc: 'Redis or Valkey, for `BROKER=redis`; `rediss://` for TLS. Of a cluster, some nodes separated by commas.',
    docs: 'none',
    example: 'redis://user:password@redis.example.com:6379',
  }),
  REDIS_CLUSTER: onOff({
    default: false,
    desc: 'Whether `REDIS_URL` is a cluster. Announcements then go by sharded publishing, which needs Redis 7 or Valkey.',
  }),
  REDIS_PREFIX: channelPrefix({
    default: 'simple-chat',
    desc: 'What names in Redis begin with: the same on all nodes, another one for each database whose nodes share a Redis.',
  }),
  REDIS_TIMEOUT_MS: integer(10, 10_000, {
    default: 500,
    desc: 'How long a login waits for each count in Redis, in milliseconds, before the node counts for itself.',
  }),
};

const accounts = {
  JWT_SECRET: text({
    default: undefined,
    desc: 'Signs the access tokens, the same on all nodes; in production at least 32 bytes are required: `openssl rand -hex 32`.',
    docs: 'one is made and kept in `DATA_DIR`',
    example: 'replace-this-by-the-output-of-openssl-rand-hex-32',
  }),
  ACCESS_TOKEN_EXPIRE_MINUTES: integer(1, 1_440, { default: 15, desc: 'Life of an access token.' }),
  REFRESH_TOKEN_EXPIRE_DAYS: integer(1, 3_650, { default: 30, desc: 'Life of a session that is not used.' }),
  ADMIN_USERNAME: text({
    default: undefined,
    desc: 'An administrator to make at start if nobody has the name; needs `ADMIN_EMAIL` and `ADMIN_PASSWORD`, too.',
    docs: 'none',
    example: 'admin',
  }),
  ADMIN_EMAIL: text({
    default: undefined,
    desc: 'E-mail address of that administrator.',
    docs: 'none',
    example: 'admin@example.com',
  }),
  ADMIN_PASSWORD: text({
    default: undefined,
    desc: 'Password of that administrator: 8 to 72 bytes.',
    docs: 'none',
    example: '',
  }),
  ROOM_CREATION: oneOf(['user', 'admin'], { default: 'user', desc: 'Who may create rooms.' }),
  PASSWORD_WORKERS: integer(1, 64, { default: 1, desc: 'Threads that hash passwords.' }),
  PASSWORD_QUEUE_MAX: integer(1, 100_000, {
    default: 100,
    desc: 'Hashes that may wait; what comes on top is refused with 503.',
  }),
};

const rates = {
  RATE_LIMITS: onOff({
    default: true,
    desc: 'Off (for tests and benchmarks; refused in production): no rate limit, no 4400, no 4429.',
  }),
  AUTH_ATTEMPTS_PER_ADDRESS: integer(1, MOST, {
    default: 60,
    desc: 'Logins, registrations and refreshes of one address within the window.',
  }),
  AUTH_ATTEMPTS_PER_ACCOUNT: integer(1, MOST, { default: 10, desc: 'The same for one account.' }),
  AUTH_WINDOW_SECONDS: integer(1, 86_400, { default: 60, desc: 'That window.' }),
  MESSAGES_PER_WINDOW: integer(1, MOST, {
    default: 20,
    desc: 'Messages of one user in one room within `RATE_WINDOW_SECONDS`.',
  }),
  FRAMES_PER_WINDOW: integer(1, MOST, {
    default: 120,
    desc: 'Frames of one socket within `RATE_WINDOW_SECONDS`.',
  }),
  RATE_WINDOW_SECONDS: integer(1, 3_600, { default: 10, desc: 'That window.' }),
  SEARCHES_PER_WINDOW: integer(1, MOST, {
    default: 20,
    desc: 'Searches of one user within `RATE_WINDOW_SECONDS`.',
  }),
  INVALID_FRAMES_PER_MINUTE: integer(1, MOST, {
    default: 20,
    desc: 'Invalid frames within a minute until the socket is closed with 4400.',
  }),
};

const limits = {
  MESSAGE_MAX_CHARS: integer(1, 100_000, { default: 4_000, desc: 'Code points of a message.' }),
  FRAME_MAX_BYTES: integer(1_024, 16_777_216, { default: 65_536, desc: 'Bytes of a frame from a client.' }),
  HISTORY_PAGE_DEFAULT: integer(1, 1_000, {
    default: 50,
    desc: 'Messages of a page of history, and of a join.',
  }),
  HISTORY_PAGE_MAX: integer(1, 1_000, { default: 100, desc: 'The longest page of history.' }),
  CHANGES_PAGE_MAX: integer(1, 1_000, { default: 100, desc: 'The longest page of changes.' }),
  RESUME_MAX_CHANGES: integer(1, 1_000_000, {
    default: 1_000,
    desc: 'Missed changes beyond which a resume is answered with history and a gap.',
  }),
  REACTIONS_MAX: integer(1, 1_000, { default: 20, desc: 'Different emoji on one message.' }),
  PINS_MAX: integer(1, 10_000, { default: 50, desc: 'Pinned messages of one room.' }),
  MENTIONS_MAX: integer(0, 1_000, {
    default: 50,
    desc: 'Different names behind an `@` in one message that are looked up; the others are text.',
  }),
  INVITES_MAX: integer(1, 10_000, {
    default: 100,
    desc: 'Invites of one room that can be used at the same time.',
  }),
  SLOW_MODE_MAX_SECONDS: integer(0, 21_600, { default: 21_600, desc: 'The slowest slow mode of a room.' }),
  ROOMS_CREATED_MAX: integer(1, MOST, {
    default: 1_000,
    desc: 'Rooms, not archived, that one user has made; direct ones do not count.',
  }),
  ROOMS_JOINED_MAX: integer(1, MOST, {
    default: 2_000,
    desc: 'Rooms that one user is a member of; direct ones do not count.',
  }),
  ROOM_MEMBERS_MAX: integer(1, MOST, { default: 100_000, desc: 'Members of one room.' }),
  ROOMS_PER_SOCKET_MAX: integer(1, MOST, {
    default: 2_000,
    desc: 'Rooms that one socket reads at the same time.',
  }),
  SLOW_READER_BYTES: integer(1_024, MOST, {
    default: 1_048_576,
    desc: 'Unsent bytes beyond which a socket’s live frames stop until it has drained.',
  }),
  STUCK_READER_SECONDS: integer(1, 3_600, {
    default: 30,
    desc: 'How long a socket may take nothing before it is closed with 1013.',
  }),
  PRESENCE_USERS_MAX: integer(0, 10_000, {
    default: 200,
    desc: 'Users online in a room up to which they are listed; beyond, they are only counted.',
  }),
  PRESENCE_INTERVAL_MS: integer(10, 60_000, {
    default: 1_000,
    desc: 'Least time between two presence frames of a room.',
  }),
  PRESENCE_GRACE_MS: integer(0, 600_000, {
    default: 10_000,
    desc: 'How long someone who went still counts as present, so that a reconnect is no news.',
  }),
  TYPING_INTERVAL_MS: integer(1, 60_000, {
    default: 3_000,
    desc: 'Least time between two typing frames of one user in one room that are passed on.',
  }),
  READ_FRAMES_MAX_MEMBERS: integer(0, 100_000, {
    default: 200,
    desc: 'Members of a room up to which all of its readers hear how far someone has read.',
  }),
  HEARTBEAT_SECONDS: integer(1, 3_600, { default: 25, desc: 'Time between two pings.' }),
  HEARTBEAT_TIMEOUT_SECONDS: integer(1, 3_600, {
    default: 10,
    desc: 'Time without a sign of life after a ping until the socket is ended.',
  }),
};

export const SETTINGS = { ...server, ...storage, ...nodes, ...accounts, ...rates, ...limits };

/** The same by chapter, for the documents. */
export const SETTING_CHAPTERS: Record<string, Partial<Record<keyof typeof SETTINGS, SettingDescription>>> = {
  Server: server,
  Storage: storage,
  'Several nodes': nodes,
  'Accounts and rooms': accounts,
  'Rate limits': rates,
  'Limits of the protocol': limits,
};

/** What the documents tell of a variable. */
export interface SettingDescription {
  desc?: string;
  docs?: string;
  example?: string;
  default?: string | number | boolean | readonly string[];
}
