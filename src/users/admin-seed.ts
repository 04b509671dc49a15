import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Passwords } from '../auth/passwords';
import { ChatError } from '../common/chat-error';
import { AppConfig } from '../config/app-config';
import { AuditLog } from '../moderation/audit-log';
import { UserRepository } from './user.repository';

interface AdminAccount {
  username: string;
  email: string;
  password: string;
}

/** Makes administrators without one: the configured one at start, or one whom an operator asks for. */
@Injectable()
export class AdminSeed implements OnApplicationBootstrap {
  private readonly logger = new Logger(AdminSeed.name);

  constructor(
    private readonly users: UserRepository,
    private readonly passwords: Passwords,
    private readonly config: AppConfig,
    private readonly audit: AuditLog,
    private readonly database: DataSource,
  ) {}

  /** Makes the configured administrator if nobody has the name; an account that has it is left as it is. */
  async onApplicationBootstrap(): Promise<void> {
    const { admin } = this.config;
    if (!admin || (await this.users.findCredentials(admin.username))) return;

    try {
      await this.create(admin);
      this.logger.log(`Made the administrator ${admin.username}`);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      // Another node was faster, or somebody else has the e-mail address.
      this.logger.warn(`The administrator ${admin.username} was not made: ${error.message}`);
    }
  }

  /** Throws `username_taken` or `email_taken`. */
  async create({ username, email, password }: AdminAccount): Promise<void> {
    const passwordHash = await this.passwords.hash(password);
    await this.database.transaction(async (manager) => {
      const user = await this.users.insert({ username, email, passwordHash, role: 'admin' }, manager);
      await this.audit.record(manager, { action: 'admin.created', actorId: null, targetUserId: user.id });
    });
  }
}
