import { ChatSocket } from '../../support/chat-socket';
import type { Person } from '../../support/person';
import type { TestServer } from '../../support/test-server';
import type { MatrixRoom } from './room-plan';

/** Others who read the rooms that something is tried in, and hear what comes of it. */
export class Witnesses {
  private constructor(private readonly sockets: readonly ChatSocket[]) {}

  static async of(server: TestServer, rooms: readonly MatrixRoom[]): Promise<Witnesses> {
    const byPerson = new Map<Person, number[]>();
    for (const { id, witness } of rooms) {
      if (witness) byPerson.set(witness, [...(byPerson.get(witness) ?? []), id]);
    }
    const sockets = [...byPerson].map(async ([witness, roomIds]) => {
      const socket = await ChatSocket.open(server, witness);
      for (const room_id of roomIds) await socket.request({ type: 'join', room_id });
      return socket;
    });
    return new Witnesses(await Promise.all(sockets));
  }

  /** The rooms of which they have been sent a frame of the type. They go. */
  async haveHeard(type: string): Promise<Set<number>> {
    const roomIds = new Set<number>();
    for (const socket of this.sockets) {
      await socket.request({ type: 'ping' });
      for (const frame of socket.frames) if (frame.type === type) roomIds.add(frame.data.room_id);
      await socket.close();
    }
    return roomIds;
  }
}
