import { ChatSocket, type Frame } from '../../support/chat-socket';
import type { TestServer } from '../../support/test-server';
import { type Actor, tableOf } from './actors';
import type { Trial } from './call-trial';
import type { Cast } from './cast';
import { cellsBehind, type DoorRow, type FrameRow } from './frame-row';
import { type Told, unlikeAbsent } from './likeness';
import type { MatrixRooms } from './matrix-rooms';
import { isEvicted, type MatrixRoom } from './room-plan';
import { Witnesses } from './witnesses';

/** Has every actor send a frame about every kind of room, through either door. */
export class FrameTrial {
  private requests = 0;

  constructor(
    private readonly server: TestServer,
    private readonly cast: Cast,
    private readonly rooms: MatrixRooms,
  ) {}

  /** Through a socket of the room itself; the frame does not name it. */
  async inRoom(door: DoorRow, row: FrameRow): Promise<Trial> {
    const made = await this.rooms.make(cellsBehind(door));
    return this.observe(made, row, async (room) => {
      const socket = await this.open(door, room);
      const told = await this.ask(socket, room, row, {});
      await socket.close();
      return told;
    });
  }

  /** Through one socket for all rooms. Whoever lost a room had joined it, and lost it with the socket open. */
  async amongMany(door: DoorRow, row: FrameRow): Promise<Trial> {
    const made = await this.rooms.make(cellsBehind(door), { evict: false });
    const sockets = new Map<Actor, ChatSocket>();
    for (const room of made) {
      if (!sockets.has(room.actor)) sockets.set(room.actor, await this.open(door, room));
    }
    await Promise.all(made.filter(isEvicted).map((room) => this.evict(room, sockets.get(room.actor)!)));
    const trial = await this.observe(made, row, (room) =>
      this.ask(sockets.get(room.actor)!, room, row, row.isRoomless ? {} : { room_id: room.id }),
    );
    await Promise.all([...sockets.values()].map((socket) => socket.close()));
    return trial;
  }

  private open(door: DoorRow, room: MatrixRoom): Promise<ChatSocket> {
    return ChatSocket.open(this.server, this.cast.actors[room.actor], { path: door.path(room) });
  }

  private async observe(
    made: readonly MatrixRoom[],
    row: FrameRow,
    act: (room: MatrixRoom) => Promise<Told>,
  ): Promise<Trial> {
    const witnesses = row.isToldToOthers && (await Witnesses.of(this.server, made));
    const before = await this.rooms.states(made);
    const told = await Promise.all(made.map(act));
    const after = await this.rooms.states(made);
    const heard = witnesses ? await witnesses.haveHeard(row.frame) : new Set<number>();

    const hasEffect = ({ id }: MatrixRoom) => before.get(id) !== after.get(id) || heard.has(id);
    return {
      table: tableOf(
        told.map(({ cell, word }, index) => [cell, word + (hasEffect(made[index]!) ? '*' : '')]),
      ),
      leaks: unlikeAbsent(told),
    };
  }

  /** Sends the frame and a ping; what belongs to the frame, or to its room, comes before the pong. */
  private async ask(socket: ChatSocket, room: MatrixRoom, row: FrameRow, target: object): Promise<Told> {
    const { actors, others } = this.cast;
    const fields = row.fields({ actor: actors[room.actor], room, others });
    const start = socket.frames.length;
    const requestId = `matrix ${++this.requests}`;
    socket.send({ type: row.frame, ...fields, ...target, request_id: requestId });
    const pong = await socket.request({ type: 'ping' });
    const frames = socket.frames.slice(start, socket.frames.indexOf(pong));

    const answer = frames.find(({ request_id }) => request_id === requestId);
    // Whoever may not know of a room must not hear anything of it, either.
    const heard = answer?.type === 'error' ? frames.filter(({ data }) => data?.room_id === room.id) : [];
    return { cell: room, word: wordOf(answer), text: comparable([answer, ...heard], room) };
  }

  private async evict(room: MatrixRoom, socket: ChatSocket): Promise<void> {
    await socket.request({ type: 'join', room_id: room.id });
    await this.rooms.evict(room);
    await socket.next(({ type, data }) => type === 'left' && data.room_id === room.id);
  }
}

function wordOf(answer: Frame | undefined): string {
  if (!answer) return 'nothing';
  return answer.type === 'error' ? answer.code! : answer.type;
}

/** Frames as they came, but for the names that the client itself has given, and the number of the room. */
function comparable(frames: (Frame | undefined)[], { id }: MatrixRoom): string {
  const texts = frames.map((frame) => JSON.stringify({ ...frame, request_id: '' }));
  return texts.join('\n').replaceAll(`"room_id":${id}`, '"room_id":0');
}
