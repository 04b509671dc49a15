import { Logger } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import { createLogger } from './logger';
import { NestLogger } from './nest-logger';

const SECRET = 'hunter2';

function aLog(logLevel: 'info' | 'debug' = 'info') {
  const lines: string[] = [];
  const pino = createLogger(
    { logLevel, appName: 'simple-chat', version: '1.0.0' },
    { write: (line: string) => void lines.push(line) },
  );
  return {
    pino,
    nest: new NestLogger(pino),
    lines,
    last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>,
  };
}

describe('the log', () => {
  it('writes one line of JSON an event', () => {
    const { nest, lines, last } = aLog();

    nest.log({ msg: 'two\nlines', room_id: 1 }, 'Rooms');

    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(last()).toMatchObject({
      level: 'info',
      app: 'simple-chat',
      context: 'Rooms',
      msg: 'two\nlines',
      room_id: 1,
    });
  });

  it.each([
    ['a password', { password: SECRET }],
    ['a new password', { new_password: SECRET }],
    ['a token', { access_token: SECRET }],
    ['a token in camel case', { refreshToken: SECRET }],
    ['headers', { headers: { authorization: `Bearer ${SECRET}`, cookie: SECRET, 'Set-Cookie': [SECRET] } }],
    ['an address with a query', { url: `/ws?token=${SECRET}` }],
    ['a message, deep in something', { a: { b: [{ content: SECRET }] } }],
    ['SQL and its parameters', { query: `SELECT '${SECRET}'`, parameters: [SECRET] }],
    ['bytes', { data: Buffer.from(SECRET) }],
  ])('leaves out %s', (_, fields) => {
    const { nest, lines } = aLog();

    nest.log({ msg: 'something', ...fields });

    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toContain(SECRET);
  });

  const driverError = Object.assign(
    new Error(`invalid input syntax for type integer: "${SECRET}\n    at ${SECRET}"`),
    {
      severity: 'ERROR',
      code: '22P02',
      detail: `Key (username)=(${SECRET})`,
    },
  );

  it.each([
    ['a failed query', new QueryFailedError('SELECT $1', [SECRET], driverError)],
    ['an error of the driver', driverError],
    ['a JSON error', jsonError(`${SECRET} {`)],
    ['an error with such a cause', new Error('outer', { cause: driverError })],
  ])('tells %s without the values in it, however it is logged', (_, error) => {
    const { nest, lines } = aLog();

    nest.error('failed', error, 'Context');
    nest.error(error, 'Context');
    nest.error({ msg: 'failed', err: error });
    nest.error({ err: error });

    expect(lines).toHaveLength(4);
    expect(lines.join()).not.toContain(SECRET);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ err: { name: error.name } });
  });

  it('tells an ordinary error with message, stack and cause', () => {
    const { nest, last } = aLog();

    nest.error('failed', new Error('outer', { cause: new Error('inner') }));

    expect(last()).toMatchObject({
      msg: 'failed',
      err: {
        message: 'outer',
        stack: expect.arrayContaining([expect.stringMatching(/^at /)]),
        cause: { message: 'inner' },
      },
    });
  });

  it('survives what refers to itself, and shortens what is long', () => {
    const { nest, lines } = aLog();
    const loop: Record<string, unknown> = { text: 'x'.repeat(100_000) };
    loop.self = loop;

    nest.log({ msg: 'loop', loop });

    expect(lines[0]?.length).toBeLessThan(20_000);
  });

  it('keeps the level, and the framework to itself', () => {
    const { nest, lines } = aLog('info');

    nest.debug('fine', 'Rooms');
    nest.log('Mapped {/, GET} route', 'RouterExplorer');
    nest.warn('careful', 'Rooms');

    expect(lines).toHaveLength(1);
  });

  it('serves the loggers that classes make for themselves', () => {
    const { nest, last } = aLog();
    Logger.overrideLogger(nest);

    new Logger('Flush').error('a flush failed', new Error('why'));
    Logger.overrideLogger(false);

    expect(last()).toMatchObject({
      level: 'error',
      context: 'Flush',
      msg: 'a flush failed',
      err: { message: 'why' },
    });
  });
});

function jsonError(text: string): Error {
  try {
    JSON.parse(text);
  } catch (error) {
    return error as Error;
  }
  throw new Error('it was JSON');
}
