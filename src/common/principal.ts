import type { UserRole } from '../protocol/models';

/** Who acts: a user within a living session, with the role they have now (not the one in the token). */
export interface Principal {
  readonly userId: number;
  readonly username: string;
  readonly role: UserRole;
  readonly sessionId: string;
}

export function isAdmin(principal: Principal): boolean {
  return principal.role === 'admin';
}
