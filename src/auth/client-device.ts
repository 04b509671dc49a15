import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

const USER_AGENT_MAX_CHARS = 255;
const IPV4_IN_IPV6 = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;

/** From where a session is used, as far as the request tells. */
export interface ClientDevice {
  /** The peer's address, or what a trusted proxy says of it. */
  ip: string | null;
  userAgent: string | null;
}

/** Hands the `ClientDevice` of a request to a handler. */
export const CurrentDevice = createParamDecorator((_: unknown, context: ExecutionContext): ClientDevice => {
  return deviceOf(context.switchToHttp().getRequest<Request>());
});

function deviceOf(request: Pick<Request, 'ip' | 'headers'>): ClientDevice {
  const userAgent = request.headers['user-agent']?.replaceAll('\0', '').slice(0, USER_AGENT_MAX_CHARS);
  return { ip: request.ip?.replace(IPV4_IN_IPV6, '') || null, userAgent: userAgent || null };
}
