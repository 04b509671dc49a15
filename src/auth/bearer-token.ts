const BEARER = /^Bearer +([^ ]+) *$/i;

/** The token of an `Authorization` header, whatever the case of its scheme; null if it is not one bearer token. */
export function bearerToken(authorization: string | undefined): string | null {
  return BEARER.exec(authorization ?? '')?.[1] ?? null;
}
