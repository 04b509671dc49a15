import { Body, Controller, Get, Header, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { ApiAnswer, ApiNoContent } from '../common/api-answer.decorator';
import { ApiProblems } from '../common/api-problems.decorator';
import type { Principal } from '../common/principal';
import type { TokenResponse, User } from '../protocol/models';
import { AccountService } from '../users/account.service';
import { UserService } from '../users/user.service';
import { AuthService } from './auth.service';
import { type ClientDevice, CurrentDevice } from './client-device';
import { CurrentPrincipal } from './current-principal.decorator';
import { ChangePasswordDto } from './dto/change-password.dto';
import { LoginDto } from './dto/login.dto';
import { RefreshDto } from './dto/refresh.dto';
import { RegisterDto } from './dto/register.dto';
import { Public } from './public.decorator';
import { SessionService } from './session.service';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly sessions: SessionService,
    private readonly accounts: AccountService,
    private readonly users: UserService,
  ) {}

  /** Makes an account and logs in to it. */
  @Post('register')
  @Public()
  @Header('Cache-Control', 'no-store')
  @ApiAnswer(201, 'TokenResponse', 'The account, and tokens for it')
  @ApiProblems('username_taken', 'email_taken', 'rate_limited', 'server_busy')
  register(@Body() body: RegisterDto, @CurrentDevice() device: ClientDevice): Promise<TokenResponse> {
    return this.auth.register(body, device);
  }

  /**
   * Logs in, by user name or e-mail address.
   *
   * Takes JSON, or the form of OAuth2's password grant. An unknown user, a wrong password and a
   * deactivated account are answered alike.
   */
  @Post('login')
  @Public()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded')
  @ApiAnswer(200, 'TokenResponse', 'Tokens for a new session')
  @ApiProblems('invalid_credentials', 'rate_limited', 'server_busy')
  login(@Body() body: LoginDto, @CurrentDevice() device: ClientDevice): Promise<TokenResponse> {
    return this.auth.login(body.username, body.password, device);
  }

  /**
   * Takes a refresh token for new tokens.
   *
   * Each refresh token can be used once. A spent one has been copied by somebody: presented again, it ends
   * the whole session.
   */
  @Post('refresh')
  @Public()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiAnswer(200, 'TokenResponse', 'New tokens for the same session')
  @ApiProblems('refresh_token_invalid', 'rate_limited')
  refresh(@Body() body: RefreshDto, @CurrentDevice() device: ClientDevice): Promise<TokenResponse> {
    return this.auth.refresh(body.refresh_token, device);
  }

  /** Ends this session; its tokens are worth nothing any more, and its sockets close with 4401. */
  @Post('logout')
  @HttpCode(204)
  @ApiBearerAuth()
  @ApiNoContent('Logged out')
  logout(@CurrentPrincipal() principal: Principal): Promise<void> {
    return this.sessions.end(principal.sessionId, principal);
  }

  /** Who you are. */
  @Get('me')
  @ApiBearerAuth()
  @ApiAnswer(200, 'User', 'Your account')
  me(@CurrentPrincipal() principal: Principal): Promise<User> {
    return this.users.getUser(principal.userId);
  }

  /**
   * Changes your password and ends every session of yours but this one.
   *
   * A wrong current password is 403, not 401: you stay logged in.
   */
  @Post('password')
  @HttpCode(204)
  @ApiBearerAuth()
  @ApiNoContent('Changed')
  @ApiProblems('forbidden', 'rate_limited', 'server_busy')
  changePassword(@CurrentPrincipal() principal: Principal, @Body() body: ChangePasswordDto): Promise<void> {
    return this.accounts.changePassword(principal, body.current_password, body.new_password);
  }
}
