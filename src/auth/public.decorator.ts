import { SetMetadata } from '@nestjs/common';

export const PUBLIC = 'auth:public';

/** Opens a route, or a whole controller, to callers without a token. */
export const Public = () => SetMetadata(PUBLIC, true);
