import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'pg';
import { Server } from 'socket.io';
import { ready } from './ready';

/** Socket.IO with PostgreSQL: each message is one INSERT over a pool, then goes to the room. */
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const http = createServer();
const io = new Server(http);

io.on('connection', (socket) => {
  const room = Number(socket.handshake.query.room);
  const user = Number(socket.handshake.query.user);
  void socket.join(String(room));
  socket.on('message', ({ content }: { content: string }) => void post(room, user, content));
  socket.emit('joined', { room_id: room });
});

async function post(room: number, user: number, content: string): Promise<void> {
  const { rows } = await pool.query<{ id: string; created_at: Date }>({
    name: 'post',
    text: 'INSERT INTO messages (room_id, user_id, content) VALUES ($1, $2, $3) RETURNING id, created_at',
    values: [room, user, content],
  });
  const { id, created_at } = rows[0]!;
  io.to(String(room)).emit('message', { id: Number(id), room_id: room, user_id: user, content, created_at });
}

async function main(): Promise<void> {
  await pool.query(`
    CREATE TABLE messages (
      id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      room_id    integer NOT NULL,
      user_id    integer NOT NULL,
      content    text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    )`);
  await pool.query('CREATE INDEX ON messages (room_id, id)');
  http.listen(0, '127.0.0.1', () => ready((http.address() as AddressInfo).port));
}

void main();
