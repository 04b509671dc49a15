import type { INestApplication } from '@nestjs/common';
import { loadConfig } from '../config/load-config';
import { buildAsyncApiDocument } from './asyncapi-document';
import { errorsMarkdown } from './errors-markdown';
import { buildOpenApiDocument } from './openapi-document';

/** The settings of the documents that are checked in: all defaults; nothing is signed with the secret. */
export const DOCUMENT_CONFIG = loadConfig({ JWT_SECRET: 'for documents alone, signs nothing at all' });

/** Documents that are checked in beside the code that they are made from, by path. */
export const DOCUMENTS: Readonly<Record<string, () => string>> = {
  'docs/errors.md': errorsMarkdown,
  'docs/asyncapi.json': () => json(buildAsyncApiDocument(DOCUMENT_CONFIG)),
};

export const OPENAPI_PATH = 'docs/openapi.json';

/** `docs/openapi.json`; whole only from a build, since the swagger plugin works at compile time. */
export function openApiJson(app: INestApplication): string {
  return json(buildOpenApiDocument(app, DOCUMENT_CONFIG));
}

function json(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
