import { channelPrefix, integer, oneOf, onOff, redisUrls } from '../validators';

/** What carries news between several nodes. */
export const nodes = {
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
