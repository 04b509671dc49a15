import type { TokenResponse } from '../../src/protocol/models';
import { AccountClient, PASSWORD } from '../support/account-client';
import { ChatSocket } from '../support/chat-socket';
import { aPerson } from '../support/person';
import { startTestServer, type TestServer } from '../support/test-server';

let server: TestServer;
let client: AccountClient;

beforeAll(async () => {
  server = await startTestServer();
  client = new AccountClient(server);
});
afterAll(() => server.stop());

/** Somebody with an open socket in the room `general` on each of two devices. */
async function onTwoDevices(username: string) {
  const phone = await client.register(username);
  const laptop = await client.login(username);
  const open = async ({ access_token: token }: TokenResponse) => {
    const socket = await ChatSocket.open(server, null, { path: '/1', token });
    await socket.next('messages_history');
    return socket;
  };
  return { phone, laptop, phoneSocket: await open(phone), laptopSocket: await open(laptop) };
}

/** Proves that a socket is open: it answers. */
async function isOpen(socket: ChatSocket): Promise<boolean> {
  return (await socket.request({ type: 'ping' })).type === 'pong';
}

describe('open sockets', () => {
  it('of a session that logs out close with 4401, and those of others stay', async () => {
    const { phone, phoneSocket, laptopSocket } = await onTwoDevices('ada');

    await client.call('POST', '/auth/logout', { token: phone.access_token });

    expect((await phoneSocket.closed).code).toBe(4401);
    expect(await isOpen(laptopSocket)).toBe(true);
    await expect(
      ChatSocket.open(server, null, { path: '/1', token: phone.access_token }),
    ).rejects.toMatchObject({ status: 401, problem: { code: 'session_revoked' } });
    await laptopSocket.close();
  });

  it('of other sessions close with 4401 when the password is changed', async () => {
    const { laptop, phoneSocket, laptopSocket } = await onTwoDevices('ben');

    await client.call('POST', '/auth/password', {
      token: laptop.access_token,
      json: { current_password: PASSWORD, new_password: 'a new and better one' },
    });

    expect((await phoneSocket.closed).code).toBe(4401);
    expect(await isOpen(laptopSocket)).toBe(true);
    await laptopSocket.close();
  });

  it('of a session whose spent refresh token comes again close with 4401', async () => {
    const { phone, phoneSocket, laptopSocket } = await onTwoDevices('cleo');
    await client.refresh(phone.refresh_token);

    await client.refresh(phone.refresh_token);

    expect((await phoneSocket.closed).code).toBe(4401);
    expect(await isOpen(laptopSocket)).toBe(true);
    await laptopSocket.close();
  });

  it('of a deactivated user close with 4401', async () => {
    const { phone, phoneSocket, laptopSocket } = await onTwoDevices('dora');
    const admin = await aPerson(server, 'admin', 'admin');

    await admin.patch(`/users/${phone.user.id}`, { is_active: false });

    expect((await phoneSocket.closed).code).toBe(4401);
    expect((await laptopSocket.closed).code).toBe(4401);
  });

  it('of a deleted account close with 4401, and its messages stay without the name', async () => {
    const { phone, phoneSocket, laptopSocket } = await onTwoDevices('emil');
    const watcher = await aPerson(server, 'watcher');
    const { id } = await phoneSocket.say('I was here');

    await client.call('DELETE', '/users/me', { token: phone.access_token, json: { password: PASSWORD } });

    expect((await phoneSocket.closed).code).toBe(4401);
    expect((await laptopSocket.closed).code).toBe(4401);
    const left = { user_id: phone.user.id, username: 'deleted user', content: 'I was here' };
    expect((await watcher.get(`/rooms/1/messages/${id}`)).body).toMatchObject(left);
    const socket = await ChatSocket.open(server, watcher, { path: '/1' });
    expect((await socket.next('messages_history')).data.messages).toContainEqual(
      expect.objectContaining(left),
    );
    await socket.close();
  });

  it('lose an administrator’s power with the next frame, and stay open', async () => {
    const root = await aPerson(server, 'root', 'admin');
    const demoted = await aPerson(server, 'demoted', 'admin');
    const writer = await ChatSocket.open(server, await aPerson(server, 'writer'), { path: '/1' });
    const socket = await ChatSocket.open(server, demoted, { path: '/1' });
    const [first, second] = [await writer.say('one'), await writer.say('two')];
    expect(await socket.request({ type: 'delete_message', message_id: first.id })).toMatchObject({
      type: 'ack',
    });

    await root.patch(`/users/${demoted.id}`, { role: 'user' });

    expect(await socket.request({ type: 'delete_message', message_id: second.id })).toMatchObject({
      type: 'error',
      code: 'forbidden',
    });
    await Promise.all([writer.close(), socket.close()]);
  });

  it('show a new name from the next message on, and in history', async () => {
    const { phone, phoneSocket, laptopSocket } = await onTwoDevices('fred');
    await phoneSocket.say('as fred');
    await laptopSocket.next('message');

    await client.call('PATCH', '/users/me', { token: phone.access_token, json: { username: 'Frederick' } });
    await phoneSocket.say('as Frederick');

    expect((await laptopSocket.next('message')).data).toMatchObject({ username: 'Frederick' });
    const history = await laptopSocket.request({ type: 'fetch_messages', limit: 2 });
    expect(history.data.messages).toMatchObject([{ username: 'Frederick' }, { username: 'Frederick' }]);
    await Promise.all([phoneSocket.close(), laptopSocket.close()]);
  });
});
