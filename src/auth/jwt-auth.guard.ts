import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { ChatError } from '../common/chat-error';
import type { Principal } from '../common/principal';
import type { PrincipalHolder } from './context-principal';
import { JwtStrategy } from './jwt.strategy';
import { Principals } from './principals';
import { PUBLIC } from './public.decorator';

/**
 * Lets in whoever has a living session.
 *
 * A request is judged by Passport's JWT strategy and gets its `Principal` as `request.user`. A socket
 * was judged at its upgrade; each of its frames asks again for the session and the role of this moment,
 * which costs a look into a cache, and a query at most every few seconds.
 */
@Injectable()
export class JwtAuthGuard extends AuthGuard() {
  constructor(
    private readonly reflector: Reflector,
    private readonly principals: Principals,
    strategy: JwtStrategy,
  ) {
    super({ defaultStrategy: strategy.key });
  }

  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()])) {
      return true;
    }
    if (context.getType() === 'ws') return this.renew(context.switchToWs().getClient<PrincipalHolder>());

    return super.canActivate(context) as Promise<boolean>;
  }

  /** Turns what Passport has found into the principal or into an error of the catalogue. */
  override handleRequest<T = Principal>(fault: unknown, principal: T | false | null, info: unknown): T {
    if (fault) throw fault as Error;
    if (principal) return principal;

    const hasNoToken = info instanceof Error && info.message === 'No auth token';
    throw new ChatError(hasNoToken ? 'authentication_required' : 'token_invalid', { cause: info });
  }

  private renew(client: PrincipalHolder): boolean | Promise<boolean> {
    const current = this.principals.current(client.principal);
    if (!(current instanceof Promise)) {
      client.principal = current;
      return true;
    }
    return current.then((principal) => {
      client.principal = principal;
      return true;
    });
  }
}
