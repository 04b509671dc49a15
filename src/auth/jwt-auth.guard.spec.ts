import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ChatError } from '../common/chat-error';
import type { Principal } from '../common/principal';
import type { PrincipalHolder } from './context-principal';
import { JwtAuthGuard } from './jwt-auth.guard';
import type { Principals } from './principals';
import { Public } from './public.decorator';
import { Roles, RolesGuard } from './roles.guard';

const BEFORE: Principal = { userId: 7, username: 'ada', role: 'admin', sessionId: 's' };
const NOW: Principal = { ...BEFORE, role: 'user' };

class Gateway {
  anyone(): void {}

  @Roles('admin')
  admins(): void {}

  @Public()
  open(): void {}
}

function frameFor(handler: keyof Gateway, client: PrincipalHolder): ExecutionContext {
  return {
    getType: () => 'ws',
    getHandler: () => Gateway.prototype[handler],
    getClass: () => Gateway,
    switchToWs: () => ({ getClient: () => client }),
  } as unknown as ExecutionContext;
}

function guardWith(current: () => Principal | Promise<Principal>): JwtAuthGuard {
  return new JwtAuthGuard(new Reflector(), { current } as unknown as Principals);
}

describe('the guards, on a frame', () => {
  it('put the principal of now into the client without waiting while it is cached', () => {
    const client = { principal: BEFORE };

    expect(guardWith(() => NOW).canActivate(frameFor('anyone', client))).toBe(true);
    expect(client.principal).toBe(NOW);
  });

  it('wait for the principal when it has to be read', async () => {
    const client = { principal: BEFORE };

    expect(await guardWith(() => Promise.resolve(NOW)).canActivate(frameFor('anyone', client))).toBe(true);
    expect(client.principal).toBe(NOW);
  });

  it('refuse a client whose session has ended', async () => {
    const ended = () => Promise.reject(new ChatError('session_revoked'));

    await expect(
      guardWith(ended).canActivate(frameFor('anyone', { principal: BEFORE })),
    ).rejects.toMatchObject({ code: 'session_revoked' });
  });

  it('ask nothing for what is public', () => {
    const guard = guardWith(() => {
      throw new Error('was asked');
    });

    expect(guard.canActivate(frameFor('open', { principal: BEFORE }))).toBe(true);
  });

  it('take a demoted administrator for a user at once', () => {
    const client = { principal: BEFORE };
    const roles = new RolesGuard(new Reflector());
    const frame = frameFor('admins', client);
    expect(roles.canActivate(frame)).toBe(true);

    void guardWith(() => NOW).canActivate(frame);

    expect(() => roles.canActivate(frame)).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });
});
