import { integer, oneOf, text } from '../validators';

/** Who may come in, and make rooms. */
export const accounts = {
  JWT_SECRET: text({
    default: undefined,
    desc: 'Signs the access tokens, the same on all nodes; in production at least 32 bytes are required: `openssl rand -hex 32`.',
    docs: 'one is made and kept in `DATA_DIR`',
    example: 'replace-this-by-the-output-of-openssl-rand-hex-32',
  }),
  ACCESS_TOKEN_EXPIRE_MINUTES: integer(1, 1_440, { default: 15, desc: 'Life of an access token.' }),
  REFRESH_TOKEN_EXPIRE_DAYS: integer(1, 3_650, { default: 30, desc: 'Life of a session that is not used.' }),
  SESSIONS_MAX: integer(1, 10_000, {
    default: 1_000,
    desc: 'Living sessions of one user; one more ends the one that was used least lately.',
  }),
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
  ROOM_CREATION: oneOf(['user', 'admin'], {
    default: 'user',
    desc: 'Who may create rooms: everyone, or administrators alone.',
  }),
  PASSWORD_WORKERS: integer(1, 64, { default: 1, desc: 'Threads that hash passwords.' }),
  PASSWORD_QUEUE_MAX: integer(1, 100_000, {
    default: 100,
    desc: 'Hashes that may wait; what comes on top is refused with 503.',
  }),
};
