import type { Limits } from '../../src/protocol/limits';
import type { Room } from '../../src/protocol/models';
import { type RestrictionKind, RoomRestrictionEntity } from '../../src/rooms/room-restriction.entity';
import { ChatSocket, type Frame } from './chat-socket';
import type { Person } from './person';
import { aTestConfig } from './test-config';
import { startTestServer, type TestServer } from './test-server';

let rooms = 0;

/** A server with limits of its own; no test of signals waits for a heartbeat. */
export function aServerWith(limits: Partial<Limits>): Promise<TestServer> {
  return startTestServer({ limits: { ...aTestConfig().limits, heartbeat_seconds: 3600, ...limits } });
}

/** A room of the first person, with the others as members. */
export async function aRoomOf(
  [owner, ...members]: [Person, ...Person[]],
  visibility: Room['visibility'] = 'private',
): Promise<number> {
  const { body } = await owner.post<Room>('/rooms', { name: `signals ${++rooms}`, visibility });
  for (const { id } of members) await owner.put(`/rooms/${body.id}/members/${id}`, { role: 'member' });
  return body.id;
}

/** Keeps a person out of a room, or from writing in it, as of now. */
export async function restrict(
  { dataSource }: TestServer,
  kind: RestrictionKind,
  room: number,
  person: Person,
): Promise<void> {
  await dataSource.getRepository(RoomRestrictionEntity).insert({ roomId: room, userId: person.id, kind });
}

/** A socket of the room, once it has been shown who is there. */
export async function inRoom(server: TestServer, person: Person, room: number): Promise<ChatSocket> {
  const socket = await ChatSocket.open(server, person, { path: `/${room}` });
  await socket.next('presence');
  return socket;
}

/** The data of the frames of a type that came before the speaker's next message, which all of the listeners hear. */
export async function heardBefore(
  speaker: ChatSocket,
  room: number,
  type: string,
  listeners: ChatSocket[],
): Promise<unknown[][]> {
  const { seq } = await speaker.say('marker', { room_id: room });
  const isMarker = (frame: Frame) =>
    frame.type === 'message' && frame.data.room_id === room && frame.data.seq === seq;
  await Promise.all(listeners.map((listener) => listener.next(isMarker)));
  return listeners.map(({ frames }) => {
    const before = frames.slice(0, frames.findIndex(isMarker));
    return before.filter((frame) => frame.type === type).map(({ data }) => data as unknown);
  });
}
