import {
  QueryFailedError,
  QueryRunnerAlreadyReleasedError,
  QueryRunnerProviderAlreadyReleasedError,
} from 'typeorm';
import { ChatError } from '../common/chat-error';
import { isConnectionLoss, isUniqueViolation, toChatError } from './database-error';

function driverError(fields: { code?: string; constraint?: string; message?: string }): Error {
  return Object.assign(new Error(fields.message ?? 'from the driver'), fields);
}

function failedQuery(error: Error): QueryFailedError {
  return new QueryFailedError('SELECT 1', [], error);
}

describe('isConnectionLoss', () => {
  it.each([
    '08006',
    '57P01',
    '57P02',
    '57P03',
    '53300',
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'ENOENT',
  ])('knows the code %s, bare and within a failed query', (code) => {
    expect(isConnectionLoss(driverError({ code }))).toBe(true);
    expect(isConnectionLoss(failedQuery(driverError({ code })))).toBe(true);
  });

  it.each([
    'Connection terminated',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
  ])('knows what the driver says without a code: %s', (message) => {
    expect(isConnectionLoss(driverError({ message }))).toBe(true);
  });

  it('knows a transaction whose connection is gone', () => {
    expect(isConnectionLoss(new QueryRunnerAlreadyReleasedError())).toBe(true);
    expect(isConnectionLoss(new QueryRunnerProviderAlreadyReleasedError())).toBe(true);
  });

  it.each(['23505', '22P02', '40P01', '57014'])(
    'does not take %s for a loss, whatever its message',
    (code) => {
      expect(isConnectionLoss(driverError({ code, message: 'Connection terminated' }))).toBe(false);
    },
  );

  it.each([undefined, null, 'Connection terminated', new Error('something else')])(
    'is not fooled by %p',
    (error) => {
      expect(isConnectionLoss(error)).toBe(false);
    },
  );
});

describe('isUniqueViolation', () => {
  const taken = failedQuery(driverError({ code: '23505', constraint: 'users_email_key' }));

  it('tells one constraint from another', () => {
    expect(isUniqueViolation(taken)).toBe(true);
    expect(isUniqueViolation(taken, 'users_email_key')).toBe(true);
    expect(isUniqueViolation(taken, 'users_username_key')).toBe(false);
    expect(isUniqueViolation(driverError({ code: '23503', constraint: 'users_email_key' }))).toBe(false);
  });
});

describe('toChatError', () => {
  it.each(['57P01', '57014', '55P03', '40P01', '40001', '53100', '58030', '25006', '28P01', '3D000'])(
    'asks to repeat what failed with %s',
    (code) => {
      const error = driverError({ code });

      expect(toChatError(error)).toMatchObject({
        code: 'database_unavailable',
        isRetryable: true,
        cause: error,
      });
    },
  );

  it('asks to repeat what PostgreSQL has ended or not let in, whatever its reason', () => {
    const error = driverError({ code: '42501' });

    expect(toChatError(Object.assign(error, { severity: 'ERROR' })).code).toBe('internal_error');
    expect(toChatError(Object.assign(error, { severity: 'FATAL' })).code).toBe('database_unavailable');
  });

  it('calls everything else our fault, and lets a ChatError be', () => {
    const known = new ChatError('room_not_found');

    expect(toChatError(driverError({ code: '22P02' })).code).toBe('internal_error');
    expect(toChatError(new TypeError('undefined is not a function')).code).toBe('internal_error');
    expect(toChatError(known)).toBe(known);
  });
});
