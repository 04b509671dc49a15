import {
  BadRequestException,
  Controller,
  Get,
  HttpException,
  Module,
  Param,
  ServiceUnavailableException,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { pino } from 'pino';
import { QueryFailedError } from 'typeorm';
import { ManualClock } from '../../../test/support/manual-clock';
import { aTestConfig } from '../../../test/support/test-config';
import { ChatError } from '../../common/chat-error';
import { Metrics } from '../../health/metrics';
import { createLogger } from '../../logging/logger';
import { NestLogger } from '../../logging/nest-logger';
import { HttpErrorFilter } from './http-error.filter';
import { useHttpFrame } from './http-frame';
import { ChatHttpAdapter } from './chat-http.adapter';

const SECRET = 'secret-value';

function databaseError(code?: string, message = `something about ${SECRET}`): QueryFailedError {
  const driverError = Object.assign(new Error(message), { severity: 'ERROR', ...(code && { code }) });
  return new QueryFailedError(`SELECT '${SECRET}'`, [SECRET], driverError);
}

const FAULTS: Record<string, () => unknown> = {
  plain: () => new Error(SECRET),
  text: () => SECRET,
  nothing: () => undefined,
  type: () => new TypeError(SECRET),
  sql: () => databaseError('22P02'),
  internal: () => new ChatError('internal_error', { message: SECRET }),
  'bad-gateway': () => new HttpException(SECRET, 502),
  lost: () => databaseError(undefined, 'Connection terminated unexpectedly'),
  stopped: () => databaseError('57P01'),
  refused: () => Object.assign(new Error(SECRET), { code: 'ECONNREFUSED' }),
  'bad-request': () => new BadRequestException(SECRET),
  unavailable: () => new ServiceUnavailableException(SECRET),
  missing: () => new ChatError('room_not_found'),
  unauthenticated: () => new ChatError('token_expired'),
  limited: () => new ChatError('rate_limited', { retryAfterMs: 2300 }),
  unsure: () => new ChatError('database_unavailable', { outcome: 'unknown' }),
  fields: () => ChatError.invalid('name', 'must be there'),
};

@Controller('faults')
class FaultyController {
  @Get(':fault')
  fail(@Param('fault') fault: string): never {
    throw FAULTS[fault]?.();
  }
}

@Module({ controllers: [FaultyController] })
class FaultyModule {}

describe('HttpErrorFilter', () => {
  let app: NestExpressApplication;
  let url: string;
  const lines: string[] = [];
  const clock = new ManualClock();

  beforeAll(async () => {
    const config = aTestConfig({ logLevel: 'debug' });
    const logger = createLogger(config, { write: (line: string) => void lines.push(line) });
    app = await NestFactory.create<NestExpressApplication>(FaultyModule, new ChatHttpAdapter(), {
      logger: new NestLogger(logger),
      bodyParser: false,
    });
    useHttpFrame(app, config, pino({ level: 'silent' }), new Metrics(), { isDraining: false });
    app.useGlobalFilters(new HttpErrorFilter(clock));
    await app.listen(0, '127.0.0.1');
    url = `${await app.getUrl()}/api/v1/faults`;
  });

  afterAll(() => app.close());

  it.each([
    ['plain', 500, 'internal_error'],
    ['text', 500, 'internal_error'],
    ['nothing', 500, 'internal_error'],
    ['type', 500, 'internal_error'],
    ['sql', 500, 'internal_error'],
    ['internal', 500, 'internal_error'],
    ['bad-gateway', 500, 'internal_error'],
    ['lost', 503, 'database_unavailable'],
    ['stopped', 503, 'database_unavailable'],
    ['refused', 503, 'database_unavailable'],
    ['bad-request', 400, 'validation_failed'],
    ['unavailable', 503, 'server_busy'],
    ['missing', 404, 'room_not_found'],
    ['unauthenticated', 401, 'token_expired'],
    ['limited', 429, 'rate_limited'],
    ['unsure', 503, 'database_unavailable'],
    ['fields', 400, 'validation_failed'],
  ])('answers "%s" with %i %s and tells no value', async (fault, status, code) => {
    const response = await fetch(`${url}/${fault}`);
    const text = await response.text();

    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(JSON.parse(text)).toMatchObject({
      status,
      code,
      request_id: response.headers.get('x-request-id'),
    });
    expect(text).not.toContain(SECRET);
  });

  it('says how to authenticate, when to come back, which fields are bad and what may have been stored', async () => {
    const [unauthenticated, limited, unsure, fields] = await Promise.all(
      ['unauthenticated', 'limited', 'unsure', 'fields'].map((fault) => fetch(`${url}/${fault}`)),
    );

    expect(unauthenticated?.headers.get('www-authenticate')).toBe('Bearer');
    expect(limited?.headers.get('retry-after')).toBe('3');
    expect(unsure?.headers.get('retry-after')).toBe('1');
    await expect(unsure?.json()).resolves.toMatchObject({ outcome: 'unknown' });
    await expect(fields?.json()).resolves.toMatchObject({
      errors: [{ field: 'name', message: 'must be there' }],
    });
  });

  it('logs faults as errors and refusals at debug, none with the values they carry', async () => {
    lines.length = 0;
    await fetch(`${url}/sql`, { headers: { 'x-request-id': 'fault-1' } });
    await fetch(`${url}/missing`, { headers: { 'x-request-id': 'refusal-1' } });

    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events).toMatchObject([
      {
        level: 'error',
        request_id: 'fault-1',
        code: 'internal_error',
        err: { name: 'QueryFailedError', code: '22P02' },
      },
      { level: 'debug', request_id: 'refusal-1', code: 'room_not_found' },
    ]);
    expect(lines.join()).not.toContain(SECRET);
  });

  it('warns once a minute of a database that fails many requests in the same way', async () => {
    const warnings = () => lines.filter((line) => line.includes('"level":"warn"'));
    clock.advance(60_000);
    lines.length = 0;

    for (const fault of ['lost', 'stopped', 'lost', 'lost', 'stopped']) await fetch(`${url}/${fault}`);
    const early = warnings();
    clock.advance(60_000);
    await fetch(`${url}/lost`);

    expect(early.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(
      Array(2).fill('the database fails requests'),
    );
    expect(warnings()).toHaveLength(3);
  });
});
