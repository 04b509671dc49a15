import { ExpressAdapter } from '@nestjs/platform-express';

type NotFoundHandler = Parameters<ExpressAdapter['setNotFoundHandler']>[0];

/** Express, with Nest's answer to unknown paths everywhere: of itself it stops at the global prefix. */
export class WholeTreeAdapter extends ExpressAdapter {
  override setNotFoundHandler(handler: NotFoundHandler): unknown {
    return super.setNotFoundHandler(handler);
  }
}
