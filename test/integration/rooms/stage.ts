import type { MemberPage, Room } from '../../../src/protocol/models';
import { RoomFeeds } from '../../../src/realtime/room-feeds';
import { aPerson, type Person } from '../../support/person';
import { startTestServer, type TestServer } from '../../support/test-server';

/** A server with three people, and what tests of rooms do there again and again. */
export class Stage {
  private made = 0;

  private constructor(
    readonly server: TestServer,
    readonly ada: Person,
    readonly bob: Person,
    readonly admin: Person,
  ) {}

  static async build(): Promise<Stage> {
    const server = await startTestServer();
    const ada = await aPerson(server, 'ada');
    const bob = await aPerson(server, 'bob');
    return new Stage(server, ada, bob, await aPerson(server, 'root', 'admin'));
  }

  /** A room of Ada's. */
  async aRoom(visibility: Room['visibility'] = 'public'): Promise<number> {
    return (await this.ada.post<Room>('/rooms', { name: `room ${++this.made}`, visibility })).body.id;
  }

  async memberCount(roomId: number): Promise<{ counted: number; rows: number }> {
    const [row] = await this.server.dataSource.query<{ counted: number; rows: number }[]>(
      `SELECT member_count AS counted, (SELECT count(*) FROM room_members WHERE room_id = id) AS rows
         FROM rooms WHERE id = $1`,
      [roomId],
    );
    return row!;
  }

  async owners(roomId: number): Promise<number[]> {
    const { body } = await this.admin.get<MemberPage>(`/rooms/${roomId}/members`);
    return body.members.filter((member) => member.role === 'owner').map((member) => member.user.id);
  }

  /** Sets the room's counter as if so many messages had been written. */
  async pretendMessages(roomId: number, count: number): Promise<void> {
    await this.server.dataSource.query('UPDATE rooms SET last_message_id = $2 WHERE id = $1', [
      roomId,
      count,
    ]);
  }

  spyOnFeeds() {
    const feeds = this.server.app.get(RoomFeeds);
    return { announce: jest.spyOn(feeds, 'announce'), removeUser: jest.spyOn(feeds, 'removeUser') };
  }
}
