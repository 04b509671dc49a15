import type { AppConfig } from './config/app-config';

/** What a newcomer wants to know once the server listens. */
export function greeting({ appName, version, docsEnabled }: AppConfig, port: number): string {
  const url = `http://localhost:${port}`;
  return `
${appName} ${version} listens on ${url}
${docsEnabled ? `\n  docs      ${url}/docs` : ''}
  register  curl ${url}/api/v1/auth/register -H 'Content-Type: application/json' \\
              -d '{"username":"ada","email":"ada@example.com","password":"correct horse"}'
  chat      npx wscat -c ws://localhost:${port}/api/v1/ws/1 -H 'Authorization: Bearer <access_token>'
            > {"type":"message","content":"Hello"}

`;
}
