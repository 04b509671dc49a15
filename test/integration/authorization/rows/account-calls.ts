import { PASSWORD } from '../../../support/account-client';
import { type AccountRow, anyone } from '../account-row';

const NEW_PASSWORD = 'another correct horse';

/** Calls that no room decides. */
export const ACCOUNT_CALLS: AccountRow[] = [
  ...['/health', '/health/live', '/health/ready', '/metrics'].map((path) => ({
    call: `GET ${path}`,
    send: ({ atRoot }: Parameters<AccountRow['send']>[0]) => atRoot(path),
    ...anyone('200'),
  })),
  {
    call: 'POST /auth/register',
    send: ({ actor, username }) => {
      const name = `${username}-2`;
      return actor.post('/auth/register', {
        username: name,
        email: `${name}@example.org`,
        password: PASSWORD,
      });
    },
    ...anyone('201*'),
  },
  {
    call: 'POST /auth/login',
    send: ({ actor, username }) => actor.post('/auth/login', { username, password: PASSWORD }),
    anonymous: 'invalid_credentials',
    deactivated: 'invalid_credentials',
    user: '200*',
    admin: '200*',
  },
  {
    call: 'POST /auth/refresh',
    send: ({ actor, refreshToken }) => actor.post('/auth/refresh', { refresh_token: refreshToken }),
    anonymous: 'refresh_token_invalid',
    deactivated: 'refresh_token_invalid',
    user: '200*',
    admin: '200*',
  },
  { call: 'POST /auth/logout', send: ({ actor }) => actor.post('/auth/logout'), user: '204*', admin: '204*' },
  { call: 'GET /auth/me', send: ({ actor }) => actor.get('/auth/me'), user: '200', admin: '200' },
  {
    call: 'POST /auth/password',
    send: ({ actor }) =>
      actor.post('/auth/password', { current_password: PASSWORD, new_password: NEW_PASSWORD }),
    user: '204*',
    admin: '204*',
  },
  {
    call: 'POST /auth/password',
    case: 'with a wrong one',
    send: ({ actor }) =>
      actor.post('/auth/password', { current_password: NEW_PASSWORD, new_password: NEW_PASSWORD }),
    user: 'forbidden',
    admin: 'forbidden',
  },
  { call: 'GET /auth/sessions', send: ({ actor }) => actor.get('/auth/sessions'), user: '200', admin: '200' },
  {
    call: 'DELETE /auth/sessions/{id}',
    case: 'one’s own',
    send: ({ actor, sessionId }) => actor.delete(`/auth/sessions/${sessionId}`),
    user: '204*',
    admin: '204*',
  },
  {
    call: 'DELETE /auth/sessions/{id}',
    case: 'somebody else’s',
    send: ({ actor, someonesSessionId }) => actor.delete(`/auth/sessions/${someonesSessionId}`),
    user: 'session_not_found',
    admin: 'session_not_found',
  },
  { call: 'GET /users', send: ({ actor }) => actor.get('/users'), user: 'forbidden', admin: '200' },
  {
    call: 'GET /users/search',
    send: ({ actor }) => actor.get('/users/search?q=person'),
    user: '200',
    admin: '200',
  },
  {
    call: 'GET /users/{id}',
    send: ({ actor, someone }) => actor.get(`/users/${someone.id}`),
    user: '200',
    admin: '200',
  },
  {
    call: 'PATCH /users/me',
    send: ({ actor }) => actor.patch('/users/me', { bio: 'changed' }),
    user: '200*',
    admin: '200*',
  },
  {
    call: 'DELETE /users/me',
    send: ({ actor }) => actor.delete('/users/me', { password: PASSWORD }),
    user: '204*',
    admin: '204*',
  },
  {
    call: 'DELETE /users/me',
    case: 'with a wrong password',
    send: ({ actor }) => actor.delete('/users/me', { password: NEW_PASSWORD }),
    user: 'forbidden',
    admin: 'forbidden',
  },
  {
    call: 'PATCH /users/{id}',
    case: 'another’s activity',
    send: ({ actor, someone }) => actor.patch(`/users/${someone.id}`, { is_active: false }),
    user: 'forbidden',
    admin: '200*',
  },
  {
    call: 'PATCH /users/{id}',
    case: 'one’s own role',
    send: ({ actor }) => actor.patch(`/users/${actor.id}`, { role: 'admin' }),
    user: 'forbidden',
    admin: '200*',
  },
  {
    call: 'GET /rooms',
    send: ({ actor }) => actor.get('/rooms'),
    user: '200',
    admin: '200',
  },
  {
    call: 'POST /rooms',
    send: ({ actor }) => actor.post('/rooms', { name: `of ${actor.id}`, visibility: 'private' }),
    user: '201*',
    admin: '201*',
  },
  {
    call: 'POST /rooms/direct',
    send: ({ actor, someone }) => actor.post('/rooms/direct', { user_id: someone.id }),
    user: '201*',
    admin: '201*',
  },
  {
    call: 'GET /search/messages',
    case: 'everywhere',
    send: ({ actor }) => actor.get('/search/messages?q=hello'),
    user: '200',
    admin: '200',
  },
  { call: 'GET /reports', send: ({ actor }) => actor.get('/reports'), user: 'forbidden', admin: '200' },
  { call: 'GET /audit', send: ({ actor }) => actor.get('/audit'), user: 'forbidden', admin: '200' },
  {
    call: 'GET /chat/websocket-info',
    send: ({ actor }) => actor.get('/chat/websocket-info'),
    user: '200',
    admin: '200',
  },
];
