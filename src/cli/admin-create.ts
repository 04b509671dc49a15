import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module';
import { isPassword, PASSWORD_RULE } from '../common/validation/account-rules';
import type { AppConfig } from '../config/app-config';
import { readEnvironment } from '../config/environment';
import { loadConfig } from '../config/load-config';
import { migrate } from '../database/migrate';
import { openDatabase } from '../database/open-database';
import { AdminSeed } from '../users/admin-seed';
import { readPassword } from './read-password';
import { runCommand } from './run-command';

const USAGE = `Makes an administrator, also while the server runs.

  npm run admin:create -- --username <name> --email <address>

The password is asked for, or read from standard input, or taken from ADMIN_PASSWORD.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { username: { type: 'string' }, email: { type: 'string' }, help: { type: 'boolean' } },
  });
  const env = readEnvironment();
  const username = values.username ?? env.ADMIN_USERNAME;
  const email = values.email ?? env.ADMIN_EMAIL;
  if (values.help) return void process.stdout.write(`${USAGE}\n`);
  if (!username || !email) throw new Error(USAGE);
  const password = env.ADMIN_PASSWORD || (await readPassword(`Password of ${username}: `));
  if (!isPassword(password)) throw new Error(`The password ${PASSWORD_RULE}.`);

  // As settings they are judged by the rules of a registration.
  const { admin, ...config } = loadConfig({
    LOG_LEVEL: 'warn',
    ...env,
    ADMIN_USERNAME: username,
    ADMIN_EMAIL: email,
    ADMIN_PASSWORD: password,
  });
  if (admin) await createAdmin({ ...config, admin: null }, admin);
  process.stdout.write(`${username} is an administrator.\n`);
}

async function createAdmin(config: AppConfig, admin: NonNullable<AppConfig['admin']>): Promise<void> {
  const database = await openDatabase(config);
  try {
    await migrate(database.config);
    const app = await NestFactory.createApplicationContext(AppModule.with(database.config), {
      logger: ['fatal', 'error', 'warn'],
      abortOnError: false,
    });
    try {
      await app.get(AdminSeed).create(admin);
    } finally {
      await app.close();
    }
  } finally {
    await database.close();
  }
}

runCommand(main);
