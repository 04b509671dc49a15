import { Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { ApiAnswer, ApiNoContent } from '../common/api-answer.decorator';
import { ApiProblems } from '../common/api-problems.decorator';
import { ChatError } from '../common/chat-error';
import type { Principal } from '../common/principal';
import type { Session } from '../protocol/models';
import { CurrentPrincipal } from './current-principal.decorator';
import { SessionService } from './session.service';

const SessionIdPipe = new ParseUUIDPipe({
  exceptionFactory: () => ChatError.invalid('id', 'must be a UUID'),
});

@ApiTags('auth')
@ApiBearerAuth()
@Controller('auth/sessions')
export class SessionController {
  constructor(private readonly sessions: SessionService) {}

  /** The devices on which you are logged in, the one used last first. */
  @Get()
  @ApiAnswer(200, 'SessionList', 'Your living sessions')
  list(@CurrentPrincipal() principal: Principal): Promise<Session[]> {
    return this.sessions.list(principal);
  }

  /** Logs one of your devices out, perhaps this one; its sockets close with 4401. */
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContent('Ended')
  @ApiProblems('session_not_found')
  end(
    @CurrentPrincipal() principal: Principal,
    @Param('id', SessionIdPipe) sessionId: string,
  ): Promise<void> {
    // The id as it is kept: caches and sockets are found by its text.
    return this.sessions.end(sessionId.toLowerCase(), principal);
  }
}
