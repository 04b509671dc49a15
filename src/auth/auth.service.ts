import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error';
import { AppConfig } from '../config/app-config';
import type { TokenResponse, User } from '../protocol/models';
import { UserRepository } from '../users/user.repository';
import { UserService } from '../users/user.service';
import { toUser } from '../users/user-view';
import { AccessTokens } from './access-token.service';
import { AttemptLimits } from './attempt-limits';
import type { ClientDevice } from './client-device';
import { Passwords } from './passwords';
import { type OpenSession, SessionService } from './session.service';

/** Registration and login: what turns a name and a password into a session with tokens. */
@Injectable()
export class AuthService {
  constructor(
    private readonly users: UserRepository,
    private readonly userService: UserService,
    private readonly sessions: SessionService,
    private readonly tokens: AccessTokens,
    private readonly passwords: Passwords,
    private readonly attempts: AttemptLimits,
    private readonly config: AppConfig,
  ) {}

  /** Makes an account and logs in to it. Throws `username_taken` or `email_taken`. */
  async register(
    account: { username: string; email: string; password: string },
    device: ClientDevice,
  ): Promise<TokenResponse> {
    await this.attempts.fromAddress('register', device.ip);
    // Refuses most before a hash is spent on them; the unique indexes decide for those who come at once.
    await this.users.refuseTaken(account);
    const { username, email, password } = account;
    const passwordHash = await this.passwords.hash(password);

    const { user, session } = await this.sessions.openFor(
      (manager) => this.users.insert({ username, email, passwordHash, role: 'user' }, manager),
      device,
    );
    return this.respond(toUser(user), session);
  }

  /**
   * Logs in by user name or e-mail address, in any case. An unknown user, a wrong password and a
   * deactivated account are one error, `invalid_credentials`, and take the same time.
   */
  async login(name: string, password: string, device: ClientDevice): Promise<TokenResponse> {
    await this.attempts.fromAddress('login', device.ip);
    await this.attempts.onAccount('login', name, device.ip);
    const found = await this.users.findCredentials(name);
    const matches = await this.passwords.matches(password, found?.passwordHash ?? null);
    if (!found || !matches) throw new ChatError('invalid_credentials');

    const { user, session } = await this.sessions.openFor(async (manager) => {
      // The password may have been changed, or the account deactivated, while the hash was computed.
      const user = await this.users.lockActive(found, manager);
      if (!user) throw new ChatError('invalid_credentials');
      return user;
    }, device);
    await this.attempts.succeeded('login', name, device.ip);
    return this.respond(toUser(user), session);
  }

  /** Takes a refresh token for new tokens; throws `refresh_token_invalid`. */
  async refresh(refreshToken: string, device: ClientDevice): Promise<TokenResponse> {
    const session = await this.sessions.refresh(refreshToken, device);
    return this.respond(await this.userService.getUser(session.userId), session);
  }

  private respond(user: User, { sessionId, refreshToken }: OpenSession): TokenResponse {
    return {
      access_token: this.tokens.sign(user, sessionId),
      refresh_token: refreshToken,
      token_type: 'bearer',
      expires_in: this.config.accessTokenSeconds,
      user,
    };
  }
}
