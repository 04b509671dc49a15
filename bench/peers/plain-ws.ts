import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { memberOf } from './member';
import { broadcastOf, joined } from './plain-frames';
import { ready } from './ready';

/** A room broadcast on plain `ws`, as tutorials have it: no account, nothing kept, no answer to the sender. */
const rooms = new Map<number, Set<WebSocket>>();

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('listening', () => ready((server.address() as AddressInfo).port));

server.on('connection', (socket, request) => {
  const sender = memberOf(request.url);
  const members = rooms.get(sender.room) ?? new Set();
  rooms.set(sender.room, members.add(socket));
  socket.on('close', () => members.delete(socket));
  socket.on('message', (bytes: Buffer) => {
    const text = broadcastOf(bytes.toString(), sender);
    for (const member of members) if (member.readyState === WebSocket.OPEN) member.send(text);
  });
  socket.send(joined(sender.room));
});
