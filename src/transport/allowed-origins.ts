import type { AppConfig } from '../config/app-config';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The origins whose pages may call the API and open sockets: that of `publicUrl` and `corsOrigins`.
 * The loopback names stand for each other: whoever develops on one opens the other.
 */
export function allowedOrigins({ publicUrl, corsOrigins }: AppConfig): ReadonlySet<string> {
  const own = new URL(publicUrl);
  const names = LOOPBACK_NAMES.includes(own.hostname) ? LOOPBACK_NAMES : [own.hostname];
  const origins = names.map((name) => `${own.protocol}//${name}${own.port ? `:${own.port}` : ''}`);
  return new Set([...origins, ...corsOrigins]);
}
