import type { NestExpressApplication } from '@nestjs/platform-express';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { Express } from 'express';
import type { AppConfig } from '../config/app-config';
import { EncodedJson } from '../common/encoded-json';
import { buildAsyncApiDocument } from './asyncapi-document';
import { asyncApiPage } from './asyncapi-page';
import { buildOpenApiDocument } from './openapi-document';
import { page } from './page';
import { pagePolicy } from './page-policy';
import { readRedocScript, REDOC_SCRIPT } from './redoc-script';

/** As the framework's own page, which lacks what a phone needs; the scripts and styles are what it serves. */
const SWAGGER_PAGE = page(
  'Simple Chat: API',
  `<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/index.css">
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/swagger-ui-standalone-preset.js"></script>
<script src="/docs/swagger-ui-init.js"></script>`,
  { style: '#swagger-ui .download-url-wrapper{display:none}' },
);
const REDOC_PAGE = page(
  'Simple Chat: API',
  `<redoc spec-url="/openapi.json"></redoc>\n<script src="/redoc/${REDOC_SCRIPT}"></script>`,
  {
    style: 'body{margin:0}',
  },
);

/**
 * Serves the documentation at the root: `/docs`, `/redoc`, `/openapi.json`, `/asyncapi`, `/asyncapi.json`.
 * Nothing of it is loaded from elsewhere. The documents are made when they are first asked for.
 */
export function mountDocs(app: NestExpressApplication, config: AppConfig): void {
  // Encoded once: who does not read what was sent holds no copy of its own.
  let openApi: EncodedJson<OpenAPIObject> | undefined;
  const openApiDocument = () => (openApi ??= new EncodedJson(buildOpenApiDocument(app, config)));
  let redoc: Buffer | null | undefined;
  const asyncApi = new EncodedJson(buildAsyncApiDocument(config));
  const routes: Express = app.getHttpAdapter().getInstance();

  routes.use('/docs', pagePolicy({ scripts: true }));
  routes.get(
    ['/docs', '/docs/index.html'],
    (_request, response) => void response.type('html').send(SWAGGER_PAGE),
  );
  SwaggerModule.setup('docs', app, () => openApiDocument().value, {
    raw: false,
    swaggerOptions: { validatorUrl: null, tryItOutEnabled: true, displayRequestDuration: true },
  });
  routes.get(
    '/openapi.json',
    (_request, response) => void response.type('json').send(openApiDocument().bytes),
  );

  routes.use('/redoc', pagePolicy({ scripts: true, workers: true }));
  routes.get('/redoc', (_request, response) => void response.type('html').send(REDOC_PAGE));
  routes.get(`/redoc/${REDOC_SCRIPT}`, (_request, response, next) => {
    redoc ??= readRedocScript();
    if (redoc === null) return next();
    response.type('js').set('Cache-Control', 'public, max-age=86400').send(redoc);
  });

  routes.use('/asyncapi', pagePolicy({}));
  routes.get(
    '/asyncapi',
    (_request, response) => void response.type('html').send(asyncApiPage(asyncApi.value)),
  );
  routes.get('/asyncapi.json', (_request, response) => void response.type('json').send(asyncApi.bytes));
}
