import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import type { MovedMark } from '../realtime/broker/announcement';
import { NodeLink } from '../realtime/broker/node-link';
import type { Connection } from '../realtime/connection';
import { ConnectionRegistry } from '../realtime/connection-registry';

/** What moves within this time is one announcement. */
const GATHER_MS = 100;
/** Marks of one announcement: with the largest ids they fit into the smallest payload. */
const MARKS_MAX = 180;

/** Tells the devices of a user, whatever node they are connected to, how far the user has read. */
@Injectable()
export class OwnDevices {
  /** What the other nodes have to hear: of each user and room the latest. */
  private readonly outbox = new Map<string, MovedMark>();
  /** What devices that lag have to hear, by room. */
  private readonly behind = new WeakMap<Connection, Map<number, MovedMark>>();

  constructor(
    private readonly connections: ConnectionRegistry,
    private readonly link: NodeLink,
    private readonly clock: Clock,
  ) {
    link.on('marks_moved', ({ marks }) => marks.forEach((mark) => this.show(mark)));
  }

  /** Tells all devices but the one that is answered. */
  tell(mark: MovedMark, answered?: Connection): void {
    this.show(mark, answered);
    if (this.link.peerIds.length === 0) return;
    if (this.outbox.size === 0) this.clock.after(GATHER_MS, () => this.emptyOutbox());
    const [roomId, userId] = mark;
    this.outbox.set(`${roomId}:${userId}`, mark);
  }

  private show(mark: MovedMark, answered?: Connection): void {
    const [roomId, userId] = mark;
    for (const device of this.connections.ofUser(userId)) {
      // Who has not been greeted asks for the marks after that.
      if (!device.isGreeted) continue;
      if (device === answered) this.behind.get(device)?.delete(roomId);
      else if (device.isCongested || this.behind.has(device)) this.keep(device, mark);
      else show(device, mark);
    }
  }

  /** Not even a lagging device is left out, for nothing else would tell it; it is told the latest when it can take it. */
  private keep(device: Connection, mark: MovedMark): void {
    let kept = this.behind.get(device);
    if (!kept) {
      kept = new Map();
      this.behind.set(device, kept);
      void device.drained().then(() => this.catchUp(device));
    }
    const [roomId] = mark;
    kept.set(roomId, mark);
  }

  private catchUp(device: Connection): void {
    const kept = this.behind.get(device);
    this.behind.delete(device);
    kept?.forEach((mark) => show(device, mark));
  }

  private emptyOutbox(): void {
    const marks = [...this.outbox.values()];
    this.outbox.clear();
    for (let at = 0; at < marks.length; at += MARKS_MAX) {
      this.link.publish({ type: 'marks_moved', marks: marks.slice(at, at + MARKS_MAX) });
    }
  }
}

function show(device: Connection, [room_id, user_id, message_id]: MovedMark): void {
  device.send({ type: 'read', data: { room_id, user_id, message_id } });
}
