import type { TokenResponse } from '../../../src/protocol/models';
import { AccountClient } from '../../support/account-client';
import { ChatSocket } from '../../support/chat-socket';
import type { TestServer } from '../../support/test-server';
import { acquainted, startTwoNodes, type TwoNodes } from '../../support/two-nodes';

describe('a login beyond the most sessions', () => {
  let nodes: TwoNodes;

  beforeAll(async () => {
    nodes = await startTwoNodes({ sessionsMax: 2 });
    await acquainted(nodes);
  });
  afterAll(() => nodes.stop());

  const open = (node: TestServer, { access_token: token }: TokenResponse) =>
    ChatSocket.open(node, null, { token });

  it('closes the sockets of the session that it ends, on every node, and those of no other', async () => {
    const client = new AccountClient(nodes.a);
    const ended = await client.register('ada');
    const kept = await client.login('ada');
    const closing = [await open(nodes.a, ended), await open(nodes.b, ended)];
    const staying = [await open(nodes.a, kept), await open(nodes.b, kept)];

    await client.login('ada');

    for (const socket of closing) expect((await socket.closed).code).toBe(4401);
    for (const socket of staying) {
      expect(await socket.request({ type: 'ping' })).toMatchObject({ type: 'pong' });
      await socket.close();
    }
  });
});
