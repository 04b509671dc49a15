import { ChatSocket, type Frame } from './chat-socket';
import type { Person } from './person';
import type { SeededRandom } from './seeded';
import type { TestServer } from './test-server';

/** Someone who keeps a room busy: sends, edits and deletes, without waiting between the frames of a burst. */
export class RoomWriter {
  private readonly own: number[] = [];
  private count = 0;

  private constructor(
    private readonly socket: ChatSocket,
    private readonly name: string,
    private readonly roomId: number,
  ) {}

  static async open(server: TestServer, person: Person, roomId: number): Promise<RoomWriter> {
    return new RoomWriter(await ChatSocket.open(server, person), person.username, roomId);
  }

  /** How many changes it has asked for. */
  get changes(): number {
    return this.count;
  }

  /** Resolves when all of it is acknowledged. Edits of what this writer has deleted are refused, as they should be. */
  async burst(random: SeededRandom, changes: number): Promise<void> {
    const answers: Promise<Frame>[] = [];
    for (let done = 0; done < changes; done++) answers.push(this.change(random));
    for (const { type, code, data } of await Promise.all(answers)) {
      if (type !== 'ack' && code !== 'message_deleted') throw new Error(`a change failed: ${type} ${code}`);
      if (type === 'ack') this.own.push((data as { id: number }).id);
    }
  }

  /** Sends one message; gives its `seq`. */
  async marker(): Promise<number> {
    const { seq } = await this.socket.say(`${this.name} marks`, { room_id: this.roomId });
    return seq;
  }

  private change(random: SeededRandom): Promise<Frame> {
    const kind = this.own.length === 0 ? 0 : random.below(10);
    const room_id = this.roomId;
    const content = `${this.name} ${++this.count}`;
    if (kind < 6) return this.socket.request({ type: 'message', room_id, content });
    const message_id = random.pick(this.own);
    if (kind < 9) return this.socket.request({ type: 'edit_message', room_id, message_id, content });
    return this.socket.request({ type: 'delete_message', room_id, message_id });
  }
}
