import type { IncomingMessage } from 'node:http';
import type { ExecutionContext } from '@nestjs/common';
import type { Principal } from '../common/principal';

/** A WebSocket client as the guards see it: whoever the upgrade admitted, brought up to date on every frame. */
export interface PrincipalHolder {
  principal: Principal;
}

/** A request, with who makes it once `JwtAuthGuard` has admitted it. */
export type PrincipalRequest = IncomingMessage & { user?: Principal };

/** Who acts, as `JwtAuthGuard` has found out; undefined behind `@Public()`. */
export function contextPrincipal(context: ExecutionContext): Principal | undefined {
  if (context.getType() === 'ws') return context.switchToWs().getClient<Partial<PrincipalHolder>>().principal;

  return context.switchToHttp().getRequest<PrincipalRequest>().user;
}
