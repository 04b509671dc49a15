import type { HistoryPage, MemberPage, Room } from '../../../src/protocol/models';
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

  /** A room of somebody's, as they want it. */
  async make(owner: Person, room: Partial<Room> & { name: string }): Promise<Room> {
    const { status, body } = await owner.post<Room>('/rooms', room);
    expect(status).toBe(201);
    return body;
  }

  /** A room of Ada's with Bob as a member. */
  async aRoomOfBoth(visibility: Room['visibility'] = 'public'): Promise<number> {
    const room = await this.aRoom(visibility);
    await this.ada.put(`/rooms/${room}/members/${this.bob.id}`, { role: 'member' });
    return room;
  }

  /** What the log tells, to Ada, of a room. */
  async eventsOf(room: number): Promise<Record<string, unknown>[]> {
    const { body } = await this.ada.get<HistoryPage>(`/rooms/${room}/messages`);
    return body.messages.flatMap(({ event }) => (event ? [event] : []));
  }

  /** Lets the end of a room's bans and mutes come. */
  async passEnd(room: number): Promise<void> {
    await this.server.dataSource.query(
      `UPDATE room_restrictions SET ends_at = clock_timestamp() - interval '1 ms' WHERE room_id = $1`,
      [room],
    );
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
