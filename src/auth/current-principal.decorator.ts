import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ChatError } from '../common/chat-error';
import type { Principal } from '../common/principal';
import { contextPrincipal } from './context-principal';

/** Hands the acting `Principal` to a handler, in HTTP and WebSocket alike. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const principal = contextPrincipal(context);
  if (!principal) throw new ChatError('authentication_required');
  return principal;
});
