import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import type { MovedMark } from '../realtime/broker/announcement';
import { NodeLink } from '../realtime/broker/node-link';
import { ConnectionRegistry } from '../realtime/connection-registry';

/** What moves within this time is one announcement. */
const GATHER_MS = 100;
/** Marks of one announcement: they fit into the smallest payload. */
const MARKS_MAX = 200;

/** Tells the devices of a user, whatever node they are connected to, how far the user has read. */
@Injectable()
export class OwnDevices {
  /** What the other nodes have to hear: of each user and room the latest. */
  private readonly outbox = new Map<string, MovedMark>();

  constructor(
    private readonly connections: ConnectionRegistry,
    private readonly link: NodeLink,
    private readonly clock: Clock,
  ) {
    link.on('marks_moved', ({ marks }) => marks.forEach((mark) => this.show(mark)));
  }

  tell(mark: MovedMark): void {
    this.show(mark);
    if (this.link.peerIds.length === 0) return;
    if (this.outbox.size === 0) this.clock.after(GATHER_MS, () => this.emptyOutbox());
    const [roomId, userId] = mark;
    this.outbox.set(`${roomId}:${userId}`, mark);
  }

  private show([room_id, user_id, message_id]: MovedMark): void {
    // Not even a lagging device is left out: nothing else would tell it.
    for (const device of this.connections.ofUser(user_id)) {
      device.send({ type: 'read', data: { room_id, user_id, message_id } });
    }
  }

  private emptyOutbox(): void {
    const marks = [...this.outbox.values()];
    this.outbox.clear();
    for (let at = 0; at < marks.length; at += MARKS_MAX) {
      this.link.publish({ type: 'marks_moved', marks: marks.slice(at, at + MARKS_MAX) });
    }
  }
}
