import type { ClusterOptions, RedisOptions } from 'ioredis';
import type { RedisConfig } from '../config/app-config';

const DEFAULT_PORT = 6379;
const CONNECT_TIMEOUT_MS = 2000;
/** How long a server that was left may take to close its side. */
const DISCONNECT_TIMEOUT_MS = 300;
const KEEP_ALIVE_MS = 10_000;
const SLOTS_REFRESH_MS = 5000;

/**
 * A connection to one Redis. Nothing waits in the client while there is no connection: the command fails at once, and
 * its caller goes on without Redis.
 */
export function redisOptions({ urls: [url] }: RedisConfig, connectionName: string): RedisOptions {
  return {
    ...everyConnection(url, connectionName),
    ...serverOf(url),
    ...(isEncrypted(url) && { tls: {} }),
    db: databaseNumber(url),
    enableOfflineQueue: false,
    lazyConnect: true,
  };
}

/** A cluster, found through any of its nodes; encryption and credentials are those of the first URL. */
export function clusterOptions({ urls: [url] }: RedisConfig, connectionName: string): ClusterOptions {
  return {
    redisOptions: { ...everyConnection(url, connectionName), ...(isEncrypted(url) && { tls: {} }) },
    // A certificate is checked against the name that the cluster tells of a node, so that is not resolved beforehand.
    ...(isEncrypted(url) && { dnsLookup: (address, found) => found(null, address) }),
    maxRedirections: 4,
    slotsRefreshInterval: SLOTS_REFRESH_MS,
    enableOfflineQueue: false,
    lazyConnect: true,
  };
}

export function clusterNodes({ urls }: RedisConfig): { host: string; port: number }[] {
  return urls.map(serverOf);
}

/** What channels begin with. Unlike keys they belong to no database of the Redis, so its number is part of them. */
export function channelPrefix({ urls: [url], prefix }: RedisConfig): string {
  return `${prefix}:${databaseNumber(url)}`;
}

function everyConnection(url: string, connectionName: string): NonNullable<ClusterOptions['redisOptions']> {
  const { username, password } = new URL(url);
  return {
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
    connectionName,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    keepAlive: KEEP_ALIVE_MS,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
  };
}

function serverOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  // An address of IPv6 stands in brackets in a URL, and nowhere else.
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? DEFAULT_PORT : Number(port) };
}

function isEncrypted(url: string): boolean {
  return url.startsWith('rediss:');
}

/** Of `redis://host/3`. */
function databaseNumber(url: string): number {
  return Number(new URL(url).pathname.slice(1));
}
