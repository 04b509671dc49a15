import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { Fleet } from './fleet';

const ANSWER_MS = 50;

/** Refuses every second message, a while after it has come, and gives the others back. */
async function aHesitantServer(): Promise<WebSocketServer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  let count = 0;
  let seq = 0;
  server.on('connection', (socket) => {
    socket.send(JSON.stringify({ type: 'messages_history', data: { last_seq: 0 } }));
    socket.on('message', (bytes: Buffer) => {
      const { content, client_msg_id } = JSON.parse(bytes.toString()) as Record<string, string>;
      const answers =
        ++count % 2 === 0
          ? [{ type: 'error', client_msg_id }]
          : [{ type: 'message', data: { id: ++seq, seq, content } }, { type: 'ack' }];
      setTimeout(() => answers.forEach((answer) => socket.send(JSON.stringify(answer))), ANSWER_MS);
    });
  });
  await once(server, 'listening');
  return server;
}

/** Gives each message back, and a while later once more. */
async function aRepeatingServer(): Promise<WebSocketServer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  let seq = 0;
  server.on('connection', (socket) => {
    socket.send(JSON.stringify({ type: 'messages_history', data: { last_seq: 0 } }));
    socket.on('message', (bytes: Buffer) => {
      const { content } = JSON.parse(bytes.toString()) as Record<string, string>;
      const answer = JSON.stringify({ type: 'message', data: { id: ++seq, seq, content } });
      socket.send(answer);
      socket.send(JSON.stringify({ type: 'ack' }));
      setTimeout(() => socket.send(answer), ANSWER_MS);
    });
  });
  await once(server, 'listening');
  return server;
}

describe('A fleet', () => {
  const fleet = new Fleet();
  let server: WebSocketServer;

  afterEach(() => {
    fleet.disconnect();
    server.close();
  });

  it('owes nobody a message that is refused after the load has stopped', async () => {
    server = await aHesitantServer();
    const { port } = server.address() as AddressInfo;
    const clients = [{ room: 1, sender: 0, user: 1 }];
    await fleet.connect({ protocol: 'simple-chat', port, clients, senders: 1, openAtOnce: 1 });

    fleet.start({ kind: 'closed', inFlight: 4 });
    fleet.stop();
    const sent = await fleet.whatWasSent(5000);
    const { faults } = await fleet.settle(sent, 1000);

    expect(sent).toEqual([{ room: 1, sender: 0, last: 4, refused: [2, 4] }]);
    expect(Object.values(faults)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('sees what comes twice behind all that is owed', async () => {
    server = await aRepeatingServer();
    const { port } = server.address() as AddressInfo;
    const clients = [{ room: 1, sender: 0, user: 1 }];
    await fleet.connect({ protocol: 'simple-chat', port, clients, senders: 1, openAtOnce: 1 });

    fleet.start({ kind: 'closed', inFlight: 1 });
    fleet.stop();
    const sent = await fleet.whatWasSent(5000);
    const { faults } = await fleet.settle(sent, 1000);

    expect(sent).toMatchObject([{ last: 1 }]);
    expect(faults).toMatchObject({ lost: 0, doubled: 1 });
  });
});
