import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ChatError } from '../common/chat-error';
import { bearerToken } from './bearer-token';
import type { PrincipalHolder, PrincipalRequest } from './context-principal';
import { Principals } from './principals';
import { PUBLIC } from './public.decorator';

/**
 * Lets in whoever has a living session.
 *
 * A request is judged by its token, which comes as `Authorization: Bearer` and from nowhere else, and gets its
 * `Principal` as `request.user`. A socket was judged at its upgrade; each of its frames asks again for the session and
 * the role of this moment, which costs a look into a cache, and a query at most every few seconds.
 */
@Injectable()
export class JwtAuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly principals: Principals,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()])) {
      return true;
    }
    return context.getType() === 'ws'
      ? this.renew(context.switchToWs().getClient<PrincipalHolder>())
      : this.admit(context.switchToHttp().getRequest<PrincipalRequest>());
  }

  private async admit(request: PrincipalRequest): Promise<boolean> {
    const token = bearerToken(request.headers.authorization);
    if (token === null) throw new ChatError('authentication_required');
    const { principal } = await this.principals.authenticate(token);
    request.user = principal;
    return true;
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
