import { integer, postgresUrl, text } from '../validators';

/** Where everything is kept. */
export const storage = {
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
