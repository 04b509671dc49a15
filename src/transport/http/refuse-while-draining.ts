import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { ChatError } from '../../common/chat-error';

/** Whether this node takes new work. */
export interface Node {
  readonly isDraining: boolean;
}

/** Sends away who comes on a connection that was open before: the next one leads to another node. */
export function refuseWhileDraining(node: Node): RequestHandler {
  return (_request: Request, response: Response, next: NextFunction) => {
    if (!node.isDraining) return next();
    response.setHeader('Connection', 'close');
    throw new ChatError('draining');
  };
}
