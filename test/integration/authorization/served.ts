import { GATEWAY_METADATA, MESSAGE_METADATA } from '@nestjs/websockets/constants';
import { ModulesContainer } from '@nestjs/core';
import type { AsyncApiDocument } from '../../../src/docs/asyncapi-document';
import type { TestServer } from '../../support/test-server';

/** Pages for people, and what these load: they know no actors. */
const PAGES = /^\/($|docs|redoc|asyncapi|openapi\.json)/;

/** Every call that the running server routes, documented or not, as `GET /rooms/{id}`. */
export function servedCalls({ app }: TestServer): string[] {
  const { router } = app.getHttpAdapter().getInstance();
  return router.stack.flatMap(({ route }) => {
    if (!route || PAGES.test(route.path)) return [];
    const path = route.path.replace(/^\/api\/v1/, '').replace(/:(\w+)/g, '{$1}');
    const { methods } = route as unknown as { methods: Record<string, boolean> };
    return Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`);
  });
}

interface Operation {
  responses: Record<string, { content?: Record<string, { examples?: object }> }>;
}

/** The calls that the OpenAPI document tells of, each with the codes of its errors. */
export async function documentedCalls({ url }: TestServer): Promise<Map<string, string[]>> {
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  const calls = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { responses }]): [string, string[]] => [
      `${method.toUpperCase()} ${path.replace(/^\/api\/v1/, '')}`,
      Object.values(responses).flatMap(({ content }) =>
        Object.keys(content?.['application/problem+json']?.examples ?? {}),
      ),
    ]),
  );
  return new Map(calls);
}

/** The addresses at which a socket can be opened, as `UPGRADE /ws`. */
export async function servedDoors({ url }: TestServer): Promise<string[]> {
  const { channels } = (await (await fetch(`${url}/asyncapi.json`)).json()) as AsyncApiDocument;
  return Object.values(channels).map(({ address }) => `UPGRADE ${address}`);
}

/** The types of frame that the gateways of the running server have a handler for. */
export function servedFrames({ app }: TestServer): string[] {
  const gateways = [...app.get(ModulesContainer).values()]
    .flatMap(({ providers }) => [...providers.values()])
    .flatMap(({ metatype }) =>
      metatype && Reflect.hasMetadata(GATEWAY_METADATA, metatype) ? [metatype] : [],
    );
  return gateways.flatMap(({ prototype }) => {
    const methods = Object.values(Object.getOwnPropertyDescriptors(prototype as object));
    return methods.flatMap(({ value }): string[] => {
      const type: unknown = typeof value === 'function' && Reflect.getMetadata(MESSAGE_METADATA, value);
      return typeof type === 'string' ? [type] : [];
    });
  });
}
