import type { FeedOptions } from '../../src/realtime/feed-options';
import { NewNames } from '../../src/realtime/new-names';
import { Reader } from '../../src/realtime/reader';
import { RoomFeed } from '../../src/realtime/room-feed';
import type { Change } from '../../src/realtime/room-log';
import { type OnFakeSocket, aConnection } from './a-connection';
import { aDraft } from './a-message';
import { FakeRoomLog } from './fake-room-log';
import type { FakeSocket } from './fake-socket';
import { ManualClock } from './manual-clock';

/** A log with the rooms 1 and 2, feeds on it and their readers. */
export class FeedStage {
  readonly log = new FakeRoomLog(1, 2);
  readonly clock = new ManualClock();
  /** What the feeds told of. */
  readonly failures: unknown[] = [];
  readonly names = new NewNames(this.clock);

  aFeed({ roomId = 1, ...options }: Partial<FeedOptions> & { roomId?: number } = {}): RoomFeed {
    return new RoomFeed(roomId, this.log, this.clock, {
      pageSize: 3,
      resumeMaxChanges: 1000,
      names: this.names,
      attached: () => undefined,
      detached: () => undefined,
      outlived: () => undefined,
      failed: (error) => this.failures.push(error),
      ...options,
    });
  }

  async anOpenFeed(...args: Parameters<FeedStage['aFeed']>): Promise<RoomFeed> {
    const feed = this.aFeed(...args);
    await feed.opened;
    return feed;
  }

  /** Somebody at a position in the room, by default the feed's; not live yet. Pages of three, congested early. */
  aReaderOf(feed: RoomFeed, position = feed.position, on = aConnection({ congestedBytes: 500 })) {
    const reader = new Reader(on.connection, feed, position, { pageSize: 3, clock: this.clock });
    feed.attach(reader);
    return { reader, ...on };
  }

  aLiveReaderOf(feed: RoomFeed): OnFakeSocket & { reader: Reader } {
    const live = this.aReaderOf(feed);
    live.reader.goLive();
    return live;
  }

  /** Commits new messages. */
  say(count: number, roomId = 1): Change[] {
    return this.log.commit(...Array.from({ length: count }, () => aDraft({ roomId })));
  }
}

/** What a client was told: `5` is a live frame with that seq, `..7` a page up to there. */
export function heard({ frames }: FakeSocket): (number | string)[] {
  return frames.map((frame) => {
    if (frame.type === 'changes') return `..${frame.data.last_seq}`;
    return frame.type === 'message' || frame.type === 'message_updated' ? frame.data.seq : frame.type;
  });
}

/** What a client was told: `5` is a live frame with that seq, `[6, 7]` a page with these. */
export function seqsIn({ frames }: FakeSocket): (number | number[] | string)[] {
  return frames.map((frame) => {
    if (frame.type === 'changes') return frame.data.messages.map(({ seq }) => seq);
    return frame.type === 'message' || frame.type === 'message_updated' ? frame.data.seq : frame.type;
  });
}
