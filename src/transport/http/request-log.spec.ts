import { loggedPath } from './request-log';

const CODE = 'b1Zk-_9wQ0aXcV7nM2sLpA';

describe('The path in the log', () => {
  it.each([
    ['/api/v1/rooms/1/messages?token=secret', '/api/v1/rooms/1/messages'],
    ['/api/v1/rooms/1/invites', '/api/v1/rooms/1/invites'],
    ['/api/v1/rooms/1/invites/', '/api/v1/rooms/1/invites/'],
    ['/api/v1/rooms/1/invites/5', '/api/v1/rooms/1/invites/5'],
    ['/api/v1/users/%ff', '/api/v1/users/%ff'],
    ['/api/v1/users/%61%zz', '/api/v1/users/%61%zz'],
    ['', ''],
  ])('of %s is %s', (url, path) => {
    expect(loggedPath(url)).toBe(path);
  });

  it.each([
    `/api/v1/invites/${CODE}/accept`,
    `/api/v1/invites/${CODE}/accept/`,
    `/api/v1/Invites/${CODE}/accept?x=1`,
    `/api/v1/invites//${CODE}/accept`,
    `/api/v1/invites/%%/${CODE}/accept`,
    `/api/v1/invites/5/${CODE}/accept`,
    `/api/v1/invites/${CODE}`,
    `/api/v1/invites/${CODE}/`,
    `/api/v1/invites/${CODE}/accept/${CODE}`,
    `/api/v1/invites/invites/${CODE}`,
    `/api/v1/invites/5/invites/${CODE}`,
    `/api/v1/invites${CODE}/accept`,
    `/api/v1/invites\\${CODE}`,
    `/api/v1/invites%2F${CODE}%2Faccept`,
    `/api/v1/%69nvites/${CODE}/accept`,
    `/api/v1/invites/\n${CODE}`,
    `http://chat.example.org/api/v1/invites/${CODE}/accept`,
    `/api/v1/rooms/1/invites/${CODE}`,
  ])('of %j has no code', (url) => {
    const path = loggedPath(url);

    expect(path).not.toContain(CODE);
    expect(path).toMatch(/invites\/\[redacted\]/i);
  });

  it('ends where it gets long', () => {
    expect(loggedPath(`/${'x'.repeat(16_000)}`)).toHaveLength(200);
  });
});
