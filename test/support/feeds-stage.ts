import type { ConnectionInit } from '../../src/realtime/connection';
import { RoomFeeds } from '../../src/realtime/room-feeds';
import type { Change } from '../../src/realtime/room-log';
import { aConnection, type OnFakeSocket } from './a-connection';
import { aDraft } from './a-message';
import { FakeRoomLog } from './fake-room-log';
import type { FakeSocket } from './fake-socket';
import { ManualClock } from './manual-clock';

/** How long a feed without readers stays open. */
export const LINGER_MS = 10_000;

/** A log with the rooms 1 and 2, and the feeds of a node: pages of three, a resume from ten changes back, by four. */
export class FeedsStage {
  readonly log = new FakeRoomLog(1, 2);
  readonly clock = new ManualClock();
  readonly feeds = new RoomFeeds(this.log, this.clock, {
    pageSize: 3,
    resumeMaxChanges: 10,
    changesPageSize: 4,
  });

  /** Commits new messages. */
  say(count: number, roomId = 1): Change[] {
    return this.log.commit(...Array.from({ length: count }, () => aDraft({ roomId })));
  }

  /** Somebody who has joined the room, and what they are told from then on. */
  async aReaderOf(roomId: number, init: Partial<ConnectionInit> = {}): Promise<OnFakeSocket> {
    const reader = aConnection(init);
    await this.feeds.join(reader.connection, roomId, {});
    reader.socket.frames.length = 0;
    return reader;
  }
}

/** The numbers of the new messages that came live. */
export function liveSeqs(socket: FakeSocket): number[] {
  return socket.framesOf('message').map(({ data }) => data.seq);
}
