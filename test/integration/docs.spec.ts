import type { AsyncApiDocument } from '../../src/docs/asyncapi-document';
import { startTestServer, type TestServer } from '../support/test-server';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.stop());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, { headers });

/** Addresses that a page makes the browser load. */
function loadedBy(html: string): string[] {
  return [...html.matchAll(/<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)=["']([^"']+)/g)].map(
    ([, url]) => url ?? '',
  );
}

describe('the documentation', () => {
  it.each(['/docs', '/redoc', '/asyncapi', '/'])(
    '%s is a page that fits a phone, and loads everything from this server',
    async (path) => {
      const response = await get(path, { accept: 'text/html' });
      const html = await response.text();

      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^text\/html/);
      expect(html).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
      expect(policy.match(/script-src [^;]*/)?.[0]).not.toContain('unsafe-inline');
      for (const url of loadedBy(html).filter((address) => !address.startsWith('data:'))) {
        const asset = await fetch(new URL(url, `${server.url}${path}`));
        expect({ url, status: asset.status }).toEqual({ url, status: 200 });
        expect(new URL(url, server.url).origin).toBe(server.url);
      }
    },
  );

  it('has scripts for its pages', async () => {
    const script = await get('/redoc/redoc.standalone.js');

    expect(script.headers.get('content-type')).toMatch(/javascript/);
    expect(script.headers.get('cache-control')).toBe('public, max-age=86400');
    const text = await script.text();
    expect(text.length).toBeGreaterThan(500_000);
    expect(text).not.toContain('cdn.redoc.ly');
    expect((await get('/docs/swagger-ui-init.js')).status).toBe(200);
  });

  it('/openapi.json describes every route of the API with its errors', async () => {
    const document = (await (await get('/openapi.json')).json()) as OpenApi;

    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/health', '/api/v1/auth/login', '/api/v1/rooms/{room_id}/messages']),
    );
    for (const [path, item] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        const statuses = Object.keys(operation.responses);
        expect([path, method, statuses]).toEqual([
          path,
          method,
          expect.arrayContaining([expect.stringMatching(/^2/)]),
        ]);
        if (operation.security.length > 0)
          expect([path, method, statuses]).toEqual([path, method, expect.arrayContaining(['401', '503'])]);
        expect(Object.keys(operation).filter((key) => key.startsWith('x-'))).toEqual([]);
      }
    }
  });

  it('/openapi.json has of every route the errors of its controller beside its own', async () => {
    const { paths } = (await (await get('/openapi.json')).json()) as OpenApi;
    const codesOf = (method: string, path: string) =>
      Object.values(paths[`/api/v1${path}`]![method]!.responses).flatMap(({ content }) =>
        Object.keys(content?.['application/problem+json']?.examples ?? {}),
      );

    expect(codesOf('put', '/rooms/{id}/bans/{user_id}')).toEqual(
      expect.arrayContaining(['forbidden', 'banned', 'user_not_found', 'room_not_found', 'last_owner']),
    );
    expect(codesOf('post', '/rooms/{room_id}/messages')).toEqual(
      expect.arrayContaining(['banned', 'muted', 'room_not_found', 'limit_reached', 'rate_limited']),
    );
    expect(codesOf('patch', '/rooms/{room_id}/messages/{message_id}')).toEqual(
      expect.arrayContaining(['banned', 'muted', 'forbidden', 'message_deleted', 'server_busy']),
    );
    for (const method of ['put', 'delete']) {
      for (const mark of ['pin', 'reactions/{emoji}']) {
        expect(codesOf(method, `/rooms/{room_id}/messages/{message_id}/${mark}`)).toEqual(
          expect.arrayContaining(['banned', 'room_not_found', 'message_not_found', 'message_deleted']),
        );
      }
    }
  });

  it('/openapi.json says of every call of the API that a node which goes away refuses it', async () => {
    const { paths } = (await (await get('/openapi.json')).json()) as OpenApi;
    const calls = Object.entries(paths)
      .filter(([path]) => path.startsWith('/api/'))
      .flatMap(([path, item]) => Object.entries(item).map(([method, call]) => ({ path, method, ...call })));

    const silent = calls.filter(
      ({ responses }) => !responses['503']?.content?.['application/problem+json']?.examples?.draining,
    );

    expect(calls.length).toBeGreaterThan(25);
    expect(silent.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it('/openapi.json says of every tag what it is for', async () => {
    const { paths, tags } = (await (await get('/openapi.json')).json()) as OpenApi;

    const used = Object.values(paths).flatMap((item) => Object.values(item).flatMap(({ tags }) => tags));

    expect(new Set(used)).toEqual(new Set(tags.map(({ name }) => name)));
  });

  it('has no reference to what is not there', async () => {
    for (const path of ['/openapi.json', '/asyncapi.json']) {
      const text = await (await get(path)).text();
      const document = JSON.parse(text) as object;

      const pointers = [...text.matchAll(/"\$ref":"#([^"]+)"/g)].map(([, pointer]) => pointer ?? '');

      expect(pointers.length).toBeGreaterThan(10);
      for (const pointer of new Set(pointers))
        expect({ pointer, value: valueAt(document, pointer) }).toEqual({ pointer, value: expect.anything() });
    }
  });

  it('/asyncapi.json has every frame with an example, under both doors', async () => {
    const document = (await (await get('/asyncapi.json')).json()) as AsyncApiDocument;

    expect(document.asyncapi).toBe('3.0.0');
    expect(Object.values(document.channels).map(({ address }) => address)).toEqual(['/ws/{room_id}', '/ws']);
    const messages = Object.entries(document.components.messages);
    expect(messages.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'client_message',
        'client_join',
        'server_message',
        'server_changes',
        'server_error',
      ]),
    );
    for (const [, { name, examples }] of messages) expect(examples[0]?.payload).toMatchObject({ type: name });
  });

  it.each(['text/html', 'application/json'])(
    'tells caches that the greeting as %s is one of two',
    async (accept) => {
      const { headers } = await get('/', { accept });

      expect(headers.get('content-type')).toContain(accept);
      expect(headers.get('vary')).toMatch(/\bAccept\b/);
    },
  );

  it('greets programs with links, and each leads somewhere', async () => {
    const greeting = (await (await get('/')).json()) as { app_name: string; links: Record<string, string> };

    expect(greeting.app_name).toBe(server.config.appName);
    for (const link of Object.values(greeting.links)) expect((await get(link)).status).toBe(200);
  });
});

describe('without documentation', () => {
  it('only the health links remain, and the rest is not found', async () => {
    const quiet = await startTestServer({ docsEnabled: false });

    for (const path of [
      '/docs',
      '/docs/swagger-ui.css',
      '/redoc',
      '/openapi.json',
      '/asyncapi',
      '/asyncapi.json',
    ]) {
      const response = await fetch(quiet.url + path);
      expect([path, response.status]).toEqual([path, 404]);
      expect(response.headers.get('content-type')).toMatch(/problem\+json/);
    }
    await expect((await fetch(quiet.url)).json()).resolves.toMatchObject({ links: { health: '/health' } });
    await quiet.stop();
  });
});

interface Operation {
  tags: string[];
  responses: Record<string, { content?: Record<string, { examples?: Record<string, object> }> }>;
  security: unknown[];
}

interface OpenApi {
  openapi: string;
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
}

function valueAt(document: object, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (value, key) =>
        (value as Record<string, unknown> | undefined)?.[key.replaceAll('~1', '/').replaceAll('~0', '~')],
      document,
    );
}
