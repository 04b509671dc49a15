import { httpUrl, integer, MOST, oneOf, onOff, origins, proxies, text } from '../validators';

/** The process and its doors. */
export const server = {
  NODE_ENV: oneOf(['development', 'production', 'test'], {
    default: 'development',
    desc: 'In `production`, unsafe settings are refused.',
  }),
  HOST: text({ default: '0.0.0.0', desc: 'Address to listen on.' }),
  PORT: integer(0, 65_535, {
    default: 8_000,
    desc: 'Port to listen on. 0 lets the system choose one; then set `PUBLIC_URL`, whose default cannot know it.',
  }),
  PUBLIC_URL: httpUrl({
    default: undefined,
    desc: 'Where clients find this server, without a path. Pages of this origin may open sockets.',
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
    desc: 'Proxies whose `X-Forwarded-For` counts, separated by commas: addresses, networks, `loopback`, `linklocal` or `uniquelocal` (private networks); `none`: nobody’s.',
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
  DOCS: onOff({
    default: true,
    desc: 'Whether `/docs`, `/redoc`, `/openapi.json`, `/asyncapi` and `/asyncapi.json` are served.',
  }),
  CONNECTIONS_MAX: integer(1, MOST, { default: 10_000, desc: 'Sockets that this node takes.' }),
  UPGRADES_PER_SECOND: integer(1, MOST, {
    default: 500,
    desc: 'Handshakes of sockets that this node judges in a second; what comes on top is told with 503 when to come again.',
  }),
  UPGRADES_BURST: integer(1, MOST, {
    default: 500,
    desc: 'Handshakes that it judges at the same time at most: after a quiet time, or while a slow database holds them up.',
  }),
  DRAIN_TIMEOUT_SECONDS: integer(1, 12, {
    default: 8,
    desc: 'How long a stop waits for what is under way before it is cut.',
  }),
};
