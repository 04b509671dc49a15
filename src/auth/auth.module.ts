import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module';
import { AccessModule } from './access.module';
import { AuthController } from './auth.controller';
import { AuthService } from './auth.service';
import { SessionController } from './session.controller';
import { SessionPruning } from './session-pruning';
import { SessionService } from './session.service';

/** Registration, login and the sessions that come of them. */
@Module({
  imports: [AccessModule, UsersModule],
  controllers: [AuthController, SessionController],
  providers: [AuthService, SessionPruning, SessionService],
  exports: [AccessModule],
})
export class AuthModule {}
