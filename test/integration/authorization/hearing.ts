import { ChatSocket } from '../../support/chat-socket';
import type { Person } from '../../support/person';
import type { TestServer } from '../../support/test-server';
import { type Actor, LIVING_ACTORS } from './actors';
import type { Cast } from './cast';
import type { MatrixRooms } from './matrix-rooms';
import { isEvicted, type MatrixRoom, MESSAGE, REACTION } from './room-plan';

/** Where something can happen. */
const LIVELY_KINDS = ['public', 'private', 'direct'] as const;
type LivelyKind = (typeof LIVELY_KINDS)[number];

/** The types of frame that each heard of each kind of room. */
export type Heard = Record<LivelyKind, Partial<Record<Actor, string[]>>>;

/** Presence comes when it comes: it is told once a second. */
const UNTIMED = 'presence';

/** Who lets things happen, as an owner, without reading the room. */
interface Doer {
  person: Person;
  socket: ChatSocket;
}

/**
 * Lets everybody join every kind of room, be it in vain, and some lose it again. Then everything happens in the rooms
 * that readers of a room are told of; gives what reached whom.
 */
export async function whoHears(server: TestServer, cast: Cast, rooms: MatrixRooms): Promise<Heard> {
  const made = await rooms.make(
    LIVELY_KINDS.flatMap((kind) => LIVING_ACTORS.map((actor) => ({ kind, actor }))),
    { evict: false },
  );
  const sockets = new Map<Actor, ChatSocket>();
  for (const actor of LIVING_ACTORS) sockets.set(actor, await ChatSocket.open(server, cast.actors[actor]));
  await Promise.all(made.map(async (room) => enterOrLose(room, sockets.get(room.actor)!, rooms)));
  const joined = new Map([...sockets].map(([actor, { frames }]) => [actor, frames.length]));

  const person = cast.others.otherOwner;
  const doer = { person, socket: await ChatSocket.open(server, person) };
  await Promise.all(made.map((room) => happenings(room, doer, cast)));
  await doer.socket.close();
  for (const socket of sockets.values()) await socket.request({ type: 'ping' });

  const heard = Object.fromEntries(LIVELY_KINDS.map((kind) => [kind, {}])) as Heard;
  for (const { actor, kind, id } of made) {
    const frames = sockets.get(actor)!.frames.slice(joined.get(actor));
    const ofRoom = frames.filter(({ type, data }) => type !== UNTIMED && (data?.room_id ?? data?.id) === id);
    heard[kind as LivelyKind][actor] = [...new Set(ofRoom.map(({ type }) => type))].sort();
  }
  for (const socket of sockets.values()) await socket.close();
  return heard;
}

/** Joins, and loses the room again if that is the actor's part. */
async function enterOrLose(room: MatrixRoom, socket: ChatSocket, rooms: MatrixRooms): Promise<void> {
  await socket.request({ type: 'join', room_id: room.id });
  if (!isEvicted(room)) return;
  await rooms.evict(room);
  await socket.next(({ type, data }) => type === 'left' && data.room_id === room.id);
}

/** Everything of which readers hear; in a room of two, what the actor of the cell `member` can do there. */
async function happenings({ id, kind }: MatrixRoom, doer: Doer, { actors, others }: Cast): Promise<void> {
  if (kind === 'direct') {
    await actors.member.post(`/rooms/${id}/messages`, { content: 'news' });
    await actors.member.put(
      `/rooms/${id}/messages/${MESSAGE.pinned}/reactions/${encodeURIComponent(REACTION)}`,
    );
    return;
  }
  const { person, socket } = doer;
  await person.post(`/rooms/${id}/messages`, { content: 'news' });
  await person.put(`/rooms/${id}/messages/${MESSAGE.pinned}/pin`);
  await person.delete(`/rooms/${id}/messages/${MESSAGE.pinned}/pin`);
  await person.put(`/rooms/${id}/read`, { message_id: 1 });
  await person.put(`/rooms/${id}/mutes/${others.otherMember.id}`, {});
  await person.patch(`/rooms/${id}`, { description: 'changed' });
  socket.send({ type: 'typing', room_id: id });
  await socket.request({ type: 'ping' });
  await person.delete(`/rooms/${id}`);
}
