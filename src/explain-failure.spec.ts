import { QueryFailedError } from 'typeorm';
import { OperatorError } from './common/operator-error';
import { explainFailure } from './explain-failure';

/** What carries a secret is told by its code alone. */
function failure(fields: object, message = 'hunter2'): Error {
  return Object.assign(new Error(message), fields);
}

describe('explainFailure', () => {
  it.each([
    [{ code: '28P01' }, /password of DATABASE_URL/],
    [{ code: '28000' }, /user of DATABASE_URL/],
    [{ code: '3D000' }, /database of the name in DATABASE_URL/],
    [{ code: '42501' }, /owner of its database/],
    [{ code: 'EADDRINUSE', port: 8000 }, /^Port 8000 is in use.* another PORT/],
    [{ code: 'EACCES', port: 80 }, /^Port 80 is not allowed.* a PORT above 1023/],
    [{ code: 'EADDRNOTAVAIL', address: '10.1.2.3' }, /10\.1\.2\.3.* another HOST/],
    [{ code: 'ENOTFOUND', hostname: 'nowhere' }, /nowhere.* another HOST/],
    [{ code: 'EACCES', path: '/srv/chat' }, /^\/srv\/chat cannot be used \(EACCES\): DATA_DIR/],
    [{ code: 'ENOTDIR', path: '/srv/chat' }, /^\/srv\/chat cannot be used \(ENOTDIR\): DATA_DIR/],
  ])('says in a sentence what to do about %p', (fields, explanation) => {
    const explained = explainFailure(failure(fields));

    expect(explained).toMatch(explanation);
    expect(explained).toMatch(/^[^\n]*\.$/);
    expect(explained).not.toContain('hunter2');
  });

  it.each([
    ['The server does not support SSL connections', /TLS.*DATABASE_URL/],
    ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', /DATABASE_URL has none/],
  ])('knows what the driver says without a code: %s', (message, explanation) => {
    expect(explainFailure(new Error(message))).toMatch(explanation);
  });

  it('knows the code within a failed query, and lets a message for operators be', () => {
    expect(explainFailure(new QueryFailedError('CREATE', [], failure({ code: '42501' })))).toMatch(/owner/);
    expect(explainFailure(new OperatorError('Do this.'))).toBe('Do this.');
  });

  it.each([
    new TypeError('undefined is not a function'),
    failure({ code: '22P02' }),
    failure({ code: 'EPERM', syscall: 'kill' }),
    undefined,
  ])('leaves what is our fault to the log: %p', (error) => {
    expect(explainFailure(error)).toBeNull();
  });
});
