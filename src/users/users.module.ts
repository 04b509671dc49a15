import { Module } from '@nestjs/common';
import { AccessModule } from '../auth/access.module';
import { AuditModule } from '../moderation/audit.module';
import { RoomsModule } from '../rooms/rooms.module';
import { AccountService } from './account.service';
import { AdminSeed } from './admin-seed';
import { MembershipRemoval } from './membership-removal';
import { UserAdministration } from './user-administration.service';
import { UserController } from './user.controller';
import { UserRepository } from './user.repository';
import { UserService } from './user.service';

/** Accounts and profiles. */
@Module({
  imports: [AccessModule, AuditModule, RoomsModule],
  controllers: [UserController],
  providers: [AccountService, AdminSeed, MembershipRemoval, UserAdministration, UserRepository, UserService],
  exports: [AccountService, AdminSeed, UserRepository, UserService],
})
export class UsersModule {}
