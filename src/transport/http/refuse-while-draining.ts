import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { ChatError } from '../../common/chat-error';
import type { Drain } from '../../realtime/drain';

/** Sends away who comes on a connection that was open before: the next one leads to another node. */
export function refuseWhileDraining(drain: Pick<Drain, 'isDraining'>): RequestHandler {
  return (_request: Request, response: Response, next: NextFunction) => {
    if (!drain.isDraining) return next();
    response.setHeader('Connection', 'close');
    throw new ChatError('draining');
  };
}
