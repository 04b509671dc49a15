import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from '../app.module';
import { setPrefix } from '../transport/http/http-frame';
import { DOCUMENT_CONFIG, DOCUMENTS, OPENAPI_PATH, openApiJson } from './generated-documents';

/**
 * Writes the documents that are checked in; with `--check`, only tells whether that would change one.
 * Runs from a build, in the project's directory: `node dist/src/docs/generate.js`. Needs no database.
 */
async function generate(isCheck: boolean): Promise<void> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(DOCUMENT_CONFIG), {
    // The modules are read, nothing in them is made.
    preview: true,
    logger: ['error', 'fatal'],
    abortOnError: false,
  });
  setPrefix(app);
  const texts = {
    ...Object.fromEntries(Object.entries(DOCUMENTS).map(([path, render]) => [path, render()])),
    [OPENAPI_PATH]: openApiJson(app),
  };
  for (const [path, text] of Object.entries(texts)) {
    if (!isCheck) writeFileSync(path, text);
    else if (readFileSync(path, 'utf8') !== text) throw new Error(`${path} is old: npm run generate:docs`);
  }
}

generate(process.argv.includes('--check')).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
