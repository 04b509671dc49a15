/** Keys whose values are never logged, whatever they are: credentials, what people write, and what SQL carries. */
const SECRET =
  /^(authorization|proxy_?authorization|cookies?|set_?cookie|content|body|query|parameters|driver_?error|email|url|original_?url)$|password|secret|token|_hash$|Hash$/i;

export function isSecretKey(key: string): boolean {
  return SECRET.test(key.replaceAll('-', '_'));
}
