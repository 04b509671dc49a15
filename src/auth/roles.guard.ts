import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ChatError } from '../common/chat-error';
import type { UserRole } from '../protocol/models';
import { contextPrincipal } from './context-principal';

const ROLES = 'auth:roles';

/** Keeps a route, a frame or a whole controller for users who have one of these roles now. */
export const Roles = (...roles: UserRole[]) => SetMetadata(ROLES, roles);

/** Checks `@Roles`. Runs after `JwtAuthGuard`, which has put the role of this moment into the principal. */
@Injectable()
export class RolesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const roles = this.reflector.getAllAndOverride<UserRole[] | undefined>(ROLES, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!roles) return true;

    const principal = contextPrincipal(context);
    if (!principal) throw new ChatError('authentication_required');
    if (!roles.includes(principal.role)) throw new ChatError('forbidden');
    return true;
  }
}
