import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the tests are not run by `npm test`, which builds before, it is done here. */
const BUILD_TIMEOUT_MS = 120_000;

const ROOT = join(__dirname, '../..');

function run(...args: string[]): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
}

interface Operation {
  summary: string;
  parameters?: { name: string; in: string; required: boolean }[];
  requestBody?: { content: Record<string, { schema: { $ref: string }; example: object }> };
  responses: Record<string, { content?: object }>;
}

interface OpenApi {
  components: {
    schemas: Record<string, { required?: string[]; properties: object }>;
    examples: object;
  };
  paths: Record<string, Record<string, Operation>>;
}

describe('docs/openapi.json', () => {
  // The swagger plugin works at compile time, so the document is made by a build, not by the sources.
  it(
    'says what the code says (npm run generate:docs)',
    () => {
      expect(run('scripts/build.mjs', '--if-needed')).toMatchObject({ status: 0 });

      expect(run('dist/src/docs/generate.js', '--check')).toMatchObject({ status: 0, stderr: '' });
    },
    BUILD_TIMEOUT_MS,
  );

  it('has no model and no example that nothing refers to', () => {
    const text = readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8');
    const { components } = JSON.parse(text) as OpenApi;

    const pointers = (['schemas', 'examples'] as const).flatMap((kind) =>
      Object.keys(components[kind]).map((name) => `#/components/${kind}/${name}`),
    );

    expect(pointers.length).toBeGreaterThan(50);
    expect(pointers.filter((pointer) => !text.includes(`"$ref": "${pointer}"`))).toEqual([]);
  });

  it('gives no example of a query parameter that may be left out, for it would be filled in and sent', () => {
    const { paths } = JSON.parse(readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8')) as OpenApi;

    const optional = Object.entries(paths).flatMap(([path, item]) =>
      Object.values(item).flatMap(({ parameters = [] }) =>
        parameters.filter((one) => one.in === 'query' && !one.required).map((one) => ({ path, ...one })),
      ),
    );

    expect(optional.length).toBeGreaterThan(20);
    expect(optional.filter((one) => /"examples?":/.test(JSON.stringify(one)))).toEqual([]);
  });

  it('gives of every body an example that has what is required, and little else', () => {
    const { paths, components } = JSON.parse(
      readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8'),
    ) as OpenApi;

    const bodies = Object.values(paths).flatMap((item) =>
      Object.values(item).flatMap(({ requestBody }) => Object.values(requestBody?.content ?? {})),
    );

    expect(bodies.length).toBeGreaterThan(15);
    for (const { schema, example } of bodies) {
      const { required, properties } = components.schemas[schema.$ref.split('/').at(-1)!]!;
      const given = Object.keys(example);
      if (required) expect([schema, given]).toEqual([schema, required]);
      else expect(given.length).toBeLessThan(2);
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(given));
    }
  });

  it('tells of every operation what it is for and what it answers', () => {
    const { paths } = JSON.parse(readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8')) as OpenApi;

    const operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ name: `${method} ${path}`, ...operation })),
    );

    expect(operations.length).toBeGreaterThan(25);
    for (const { name, summary, responses } of operations) {
      expect([name, summary]).toEqual([name, expect.stringMatching(/\w/)]);
      for (const [status, { content }] of Object.entries(responses)) {
        if (status === '204') expect(content).toBeUndefined();
        else expect([name, status, content]).toEqual([name, status, expect.any(Object)]);
      }
    }
  });
});
