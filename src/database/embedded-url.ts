/** The server's database within the embedded PostgreSQL. */
export const EMBEDDED_DATABASE = 'simple_chat';

/** How to reach the embedded PostgreSQL that listens in `socketDir`. */
export function embeddedUrl(socketDir: string): string {
  return `postgres://postgres@localhost/${EMBEDDED_DATABASE}?host=${encodeURIComponent(socketDir)}`;
}
