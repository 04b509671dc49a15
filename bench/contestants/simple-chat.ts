import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JwtService } from '@nestjs/jwt';
import { TOKEN_ALGORITHM, TOKEN_AUDIENCE, TOKEN_ISSUER } from '../../src/auth/access-token.service';
import type { Bench } from '../bench';
import { makeDirectory, removeDirectory } from '../leftovers';
import type { ClientSpec } from '../protocols/protocol';
import { nodeProgram } from '../servers/runtimes';
import { ServerProcess } from '../servers/server-process';
import { clientsOf, type Contestant, type Population, type Stage } from './contestant';
import { populate } from './simple-chat.data';

const DAY_SECONDS = 86_400;
const ROOT = join(__dirname, '../..');
/** What `npm start` runs: node with V8's options and the built server. */
export const START_COMMAND = startScript().replace(/^exec /, '');
const START_ARGUMENTS = START_COMMAND.split(' ')
  .slice(1)
  .map((argument) => (argument.endsWith('.js') ? join(ROOT, argument) : argument));

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
  CONNECTIONS_MAX: HIGH,
  UPGRADES_PER_SECOND: HIGH,
  UPGRADES_BURST: HIGH,
};

/** The server that the others are compared with. */
export const SUBJECT = 'Simple Chat';

export const simpleChat: Contestant = {
  name: SUBJECT,
  keeps: true,
  protocol: 'simple-chat',
  start: (bench, population) => SimpleChatStage.open(bench, population),
};

interface StageOptions {
  /** Servers on the same database; by default one. */
  nodes?: number;
  /** Added to the settings of every run. */
  settings?: Record<string, string>;
  /** Whether the database is of use when the server has stopped. */
  keepsDatabase?: boolean;
}

/** The product on a database of its own, and what only scenarios of its own ask of it. */
export class SimpleChatStage implements Stage {
  readonly servers: ServerProcess[] = [];
  private readonly dataDirs: string[] = [];

  private constructor(
    private readonly bench: Bench,
    readonly databaseUrl: string,
    readonly clients: ClientSpec[],
    private readonly secret: string,
    private readonly options: StageOptions,
  ) {}

  /** On a new database. */
  static async open(
    bench: Bench,
    population: Population,
    { prepare, ...options }: StageOptions & { prepare?: (databaseUrl: string) => Promise<void> } = {},
  ): Promise<SimpleChatStage> {
    const databaseUrl = await bench.postgres.createDatabase(await bench.productTemplate());
    await populate(databaseUrl, population);
    await prepare?.(databaseUrl);
    return SimpleChatStage.on(bench, databaseUrl, population, options);
  }

  /** On a database that has everything. */
  static async on(
    bench: Bench,
    databaseUrl: string,
    population: Population,
    options: StageOptions,
  ): Promise<SimpleChatStage> {
    const secret = randomBytes(32).toString('hex');
    const sign = tokenSigner(secret);
    const clients = clientsOf(population).map((client) => ({ ...client, token: sign(client.user) }));
    const stage = new SimpleChatStage(bench, databaseUrl, clients, secret, options);
    try {
      for (let node = 0; node < (options.nodes ?? 1); node++) await stage.addNode();
    } catch (error) {
      await stage.stop();
      throw error;
    }
    return stage;
  }

  get server(): ServerProcess {
    return this.servers[0]!;
  }

  get died(): Promise<never> {
    return Promise.race(this.servers.map(({ died }) => died));
  }

  async stop(): Promise<void> {
    for (const server of this.servers) await server.stop();
    for (const dataDir of this.dataDirs) removeDirectory(dataDir);
    if (this.bench.options.statements) await this.bench.printStatements(this.databaseUrl);
    if (!this.options.keepsDatabase) await this.bench.postgres.dropDatabase(this.databaseUrl);
  }

  private async addNode(): Promise<void> {
    const dataDir = makeDirectory('simple-chat-bench-node-');
    this.dataDirs.push(dataDir);
    const server = await ServerProcess.start({
      ...nodeProgram(...this.bench.profiling(), ...START_ARGUMENTS),
      env: {
        ...SETTINGS,
        DATABASE_URL: this.databaseUrl,
        DATA_DIR: dataDir,
        JWT_SECRET: this.secret,
        ...this.options.settings,
      },
      cwd: dataDir,
    });
    this.servers.push(server);
  }
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

function startScript(): string {
  const text = readFileSync(join(ROOT, 'package.json'), 'utf8');
  return (JSON.parse(text) as { scripts: { start: string } }).scripts.start;
}
