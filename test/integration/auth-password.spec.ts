import { CloseCode } from '../../src/protocol/close-codes';
import { AccountClient, PASSWORD } from '../support/account-client';
import { startTestServer, type TestServer } from '../support/test-server';
import { watchEnds } from '../support/watched-ends';

let server: TestServer;
let client: AccountClient;
let closeUser: jest.SpyInstance;

beforeAll(async () => {
  server = await startTestServer();
  client = new AccountClient(server);
  ({ closeUser } = watchEnds(server));
});
beforeEach(() => jest.clearAllMocks());
afterAll(() => server.stop());

describe('POST /auth/password', () => {
  const NEW_PASSWORD = 'a new and better one';

  it('changes the password and ends every session but this one', async () => {
    const phone = await client.register('quinn');
    const laptop = await client.login('quinn');
    const sessionId = await client.sessionOf(laptop.access_token);

    const answer = await client.call('POST', '/auth/password', {
      token: laptop.access_token,
      json: { current_password: PASSWORD, new_password: NEW_PASSWORD },
    });

    expect(answer).toMatchObject({ status: 204, body: null });
    expect(await client.statusOf(laptop.access_token)).toBe(200);
    expect((await client.refresh(laptop.refresh_token)).status).toBe(200);
    expect(await client.statusOf(phone.access_token)).toBe('session_revoked');
    expect((await client.refresh(phone.refresh_token)).status).toBe(401);
    expect(closeUser.mock.calls).toEqual([
      [phone.user.id, CloseCode.Unauthorized, expect.any(String), sessionId],
    ]);
    await expect(client.login('quinn')).rejects.toThrow('invalid_credentials');
    await expect(client.login('quinn', NEW_PASSWORD)).resolves.toBeDefined();
  });

  it('refuses a wrong current password without logging anybody out', async () => {
    const { access_token: token } = await client.register('rosa');

    const answer = await client.call('POST', '/auth/password', {
      token,
      json: { current_password: 'wrong password', new_password: NEW_PASSWORD },
    });

    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await client.statusOf(token)).toBe(200);
    expect(closeUser).not.toHaveBeenCalled();
    await expect(client.login('rosa')).resolves.toBeDefined();
  });

  it('lets one of two changes at the same instant through', async () => {
    const { access_token: token } = await client.register('sam');

    const answers = await Promise.all(
      ['the first of two', 'the second of two'].map((new_password) =>
        client.call('POST', '/auth/password', { token, json: { current_password: PASSWORD, new_password } }),
      ),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([204, 403]);
  });

  it('refuses a new password that is too short or too long', async () => {
    const { access_token: token } = await client.register('tom');

    for (const new_password of ['7 bytes', 'x'.repeat(73)]) {
      expect(
        await client.call('POST', '/auth/password', {
          token,
          json: { current_password: PASSWORD, new_password },
        }),
      ).toMatchObject({ status: 400, body: { errors: [{ field: 'new_password' }] } });
    }
  });
});
