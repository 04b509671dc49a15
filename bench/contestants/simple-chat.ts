import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JwtService } from '@nestjs/jwt';
import { TOKEN_ALGORITHM, TOKEN_AUDIENCE, TOKEN_ISSUER } from '../../src/auth/access-token.service';
import type { Bench } from '../bench';
import { ServerProcess } from '../servers/server-process';
import { clientsOf, type Contestant, type Population, type Stage } from './contestant';
import { populate } from './simple-chat.data';

const DAY_SECONDS = 86_400;
const BUILT_SERVER = join(__dirname, '../../dist/src/main.js');
/** Counted like any limit, and out of the way. */
const HIGH = '1000000000';

/** The product as an operator runs it, on the settings it comes with; only its limits are raised. */
const SETTINGS = {
  HOST: '127.0.0.1',
  PORT: '0',
  RATE_LIMITS: 'on',
  MESSAGES_PER_WINDOW: HIGH,
  FRAMES_PER_WINDOW: HIGH,
  AUTH_ATTEMPTS_PER_ADDRESS: HIGH,
  AUTH_ATTEMPTS_PER_ACCOUNT: HIGH,
  CONNECTIONS_MAX: '50000',
};

/** The server that the others are compared with. */
export const SUBJECT = 'Simple Chat';

export const simpleChat: Contestant = {
  name: SUBJECT,
  keeps: true,
  protocol: 'simple-chat',

  async start(bench: Bench, population: Population): Promise<Stage> {
    const databaseUrl = await bench.postgres.createDatabase(await bench.productTemplate());
    const secret = randomBytes(32).toString('hex');
    await populate(databaseUrl, population);
    const sign = tokenSigner(secret);
    const clients = clientsOf(population).map((client) => ({ ...client, token: sign(client.user) }));
    const node = await startSimpleChat(bench, databaseUrl, secret);
    return {
      server: node.server,
      clients,
      databaseUrl,
      async stop() {
        await node.stop();
        await bench.postgres.dropDatabase(databaseUrl);
      },
    };
  },
};

/** One node of the product on a database. */
async function startSimpleChat(
  bench: Bench,
  databaseUrl: string,
  secret: string,
): Promise<{ server: ServerProcess; stop(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'simple-chat-bench-node-'));
  const env = { ...SETTINGS, DATABASE_URL: databaseUrl, DATA_DIR: dataDir, JWT_SECRET: secret };
  const server = await ServerProcess.start({ args: [...bench.profiling(), BUILT_SERVER], env, cwd: dataDir });
  return {
    server,
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The session of user 7 is the one whose id ends in 7. */
function sessionOf(user: number): string {
  return `00000000-0000-4000-8000-${String(user).padStart(12, '0')}`;
}

function tokenSigner(secret: string): (user: number) => string {
  const jwt = new JwtService({
    secret,
    signOptions: { algorithm: TOKEN_ALGORITHM, issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE },
  });
  const iat = Math.floor(Date.now() / 1000);
  return (user) =>
    jwt.sign({ sub: String(user), sid: sessionOf(user), role: 'user', iat, exp: iat + DAY_SECONDS });
}
