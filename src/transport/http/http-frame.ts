import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';
import type { AppConfig } from '../../config/app-config';
import type { Metrics } from '../../health/metrics';
import type { Drain } from '../../realtime/drain';
import { allowedOrigins } from '../allowed-origins';
import { parseJson, parseLoginForm, refuseLargeBodies, refuseOtherBodies } from './body-parsing';
import { explainWebSocket } from './explain-web-socket';
import { inTurn } from './in-turn';
import { refuseBrokenAddresses, refuseRepeatedKeys } from './plain-address';
import { refuseOddHeads } from './request-head';
import { answerRequestId } from './request-id';
import { logRequests } from './request-log';
import { refuseWhileDraining } from './refuse-while-draining';
import { forbidCaching, securityHeaders } from './security-headers';
import { answerUnreadableRequests } from './unreadable-requests';

const API_PREFIX = '/api/v1';
/** What stands at the root instead of under the prefix. */
const ROOT_ROUTES = ['/', 'health{/*path}', 'metrics'];

/** Puts the API below its prefix. */
export function setPrefix(app: NestExpressApplication): void {
  app.setGlobalPrefix(API_PREFIX.slice(1), { exclude: ROOT_ROUTES });
}

/**
 * What every request passes before it reaches a handler, in order: its id, the log, security headers, its head,
 * CORS, whether this node still takes work, the body, the address; what is no WebSocket at the address of one. Whatever
 * one of them refuses is answered by `HttpErrorFilter`, like the handlers' errors.
 */
export function useHttpFrame(
  app: NestExpressApplication,
  config: AppConfig,
  logger: Logger,
  metrics: Metrics,
  drain: Pick<Drain, 'isDraining'>,
): void {
  app.disable('x-powered-by');
  app.disable('etag');
  // `a[b]=1` is a key of that name, not an object.
  app.set('query parser', 'simple');
  app.set('trust proxy', config.trustProxy.length > 0 ? [...config.trustProxy] : false);
  setPrefix(app);
  answerUnreadableRequests(app.getHttpServer());

  app.use(inTurn(answerRequestId, logRequests(logger, metrics), securityHeaders(config), refuseOddHeads));
  app.enableCors({
    origin: [...allowedOrigins(config)],
    exposedHeaders: ['X-Request-Id', 'Retry-After', 'WWW-Authenticate'],
    maxAge: 600,
  });
  app.use(API_PREFIX, inTurn(forbidCaching, refuseWhileDraining(drain)));
  app.use(inTurn(refuseLargeBodies, ...parseJson()));
  app.use(`${API_PREFIX}/auth/login`, ...parseLoginForm());
  app.use(`${API_PREFIX}/ws`, explainWebSocket);
  app.use(inTurn(refuseOtherBodies, refuseBrokenAddresses, refuseRepeatedKeys));
}
