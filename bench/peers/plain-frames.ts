import type { Membership } from './member';

/** What peers say that speak `plain`. */
let lastId = 0;

/** The first word to one who has come. */
export function joined(room: number): string {
  return JSON.stringify({ event: 'joined', data: { room_id: room } });
}

/** What the whole room hears of a frame that one of its members has sent. */
export function broadcastOf(frame: string, { room, user }: Membership): string {
  const { data } = JSON.parse(frame) as { data: { content: string } };
  return JSON.stringify({
    event: 'message',
    data: {
      id: ++lastId,
      room_id: room,
      user_id: user,
      content: data.content,
      created_at: new Date().toISOString(),
    },
  });
}
