import type { PresenceData } from '../../src/protocol/frames';
import type { PresenceState } from '../../src/protocol/models';
import { Presence, type PresencePeers } from '../../src/realtime/presence';
import { RoomFeeds } from '../../src/realtime/room-feeds';
import { aConnection, aPrincipal, type OnFakeSocket } from './a-connection';
import { FakeRoomLog } from './fake-room-log';
import { ManualClock } from './manual-clock';

export const INTERVAL_MS = 1000;
export const GRACE_MS = 10_000;
/** Users of a room up to which they are listed. */
export const USERS_MAX = 4;
export const ROOM = 1;

/** Presence on one node, in the rooms 1 and 2, and who reads them there. */
export class PresenceStage {
  readonly presence: Presence;
  readonly feeds: RoomFeeds;

  constructor(
    readonly clock = new ManualClock(),
    readonly log = new FakeRoomLog(ROOM, 2),
    others?: PresencePeers,
  ) {
    const options = { usersMax: USERS_MAX, intervalMs: INTERVAL_MS, graceMs: GRACE_MS };
    this.presence = new Presence(clock, options, others);
    this.feeds = new RoomFeeds(log, clock, {
      pageSize: 3,
      resumeMaxChanges: 10,
      changesPageSize: 4,
      watcher: this.presence,
    });
  }

  /** Who is there as far as this node knows by itself. */
  present(): PresenceState {
    return this.presence.of(ROOM) as PresenceState;
  }

  async enter({ connection }: OnFakeSocket, roomId = ROOM): Promise<void> {
    await this.feeds.join(connection, roomId, {});
    this.presence.enter(connection, roomId);
  }

  /** Someone who has been in the room for so long that everybody has heard of it. */
  async aSettledReader(userId: number): Promise<OnFakeSocket> {
    const client = aUser(userId);
    await this.enter(client);
    this.clock.advance(INTERVAL_MS);
    forget(client);
    return client;
  }
}

export function aUser(userId: number): OnFakeSocket {
  return aConnection({ principal: aPrincipal({ userId, username: person(userId).username }) });
}

/** How presence shows a user. */
export function person(id: number): { id: number; username: string } {
  return { id, username: `user-${id}` };
}

/** What a client was told of presence, whatever the room. */
export function told({ socket }: OnFakeSocket): Omit<PresenceData, 'room_id'>[] {
  return socket.framesOf('presence').map(({ data: { room_id: _, ...data } }) => data);
}

/** From here on, only what clients are told next. */
export function forget(...clients: OnFakeSocket[]): void {
  for (const { socket } of clients) socket.frames.length = 0;
}
