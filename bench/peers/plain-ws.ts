import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { memberOf } from './member';
import { ready } from './ready';

/** A room broadcast on plain `ws`, as tutorials have it: no account, nothing kept, no answer to the sender. */
const rooms = new Map<number, Set<WebSocket>>();
let lastId = 0;

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('listening', () => ready((server.address() as AddressInfo).port));

server.on('connection', (socket, request) => {
  const { room, user } = memberOf(request.url);
  const members = rooms.get(room) ?? new Set();
  rooms.set(room, members.add(socket));
  socket.on('close', () => members.delete(socket));
  socket.on('message', (bytes: Buffer) => {
    const { data } = JSON.parse(bytes.toString()) as { data: { content: string } };
    const text = JSON.stringify({
      event: 'message',
      data: {
        id: ++lastId,
        room_id: room,
        user_id: user,
        content: data.content,
        created_at: new Date().toISOString(),
      },
    });
    for (const member of members) if (member.readyState === WebSocket.OPEN) member.send(text);
  });
  socket.send(JSON.stringify({ event: 'joined', data: { room_id: room } }));
});
