import type { Clock } from '../../common/clock';
import type { Change } from '../room-log';
import { type Announcement, type AnnouncementOf, type AnnouncementType, topicOf } from './announcement';
import { decodeAnnouncement, encodeAnnouncement, signature } from './announcement-codec';
import type { Broker } from './broker';
import { Peers } from './peers';

export type AnnouncementHandler<T extends AnnouncementType> = (
  announcement: AnnouncementOf<T>,
  from: string,
) => void;

/** What is counted and logged. Nothing here may throw. */
export interface NodeLinkEvents {
  published(type: AnnouncementType): void;
  received(type: AnnouncementType): void;
  /** What came was no announcement, or what was to be published was too large. */
  dropped(): void;
  /** A handler threw. */
  failed(error: unknown): void;
  brokerChanged(isUp: boolean): void;
}

/**
 * This node's line to the others: the one place where announcements become payloads and payloads announcements.
 *
 * What is published has taken effect on this node already; handlers get what other nodes published, checked to the
 * last field, and never what this node did. As long as no other node has been heard nothing but hellos is published: a
 * single node pays nothing for the others that it might have.
 */
export class NodeLink {
  private readonly handlers = new Map<AnnouncementType, ((announcement: never, from: string) => void)[]>();
  private readonly gapHandlers: (() => void)[] = [];
  private readonly lossHandlers: ((nodeId: string) => void)[] = [];
  private readonly peers: Peers;
  private readonly ownSignature: string;
  /** Changes to be published at the end of the turn, by room. */
  private readonly outbox = new Map<number, Change[]>();

  constructor(
    readonly nodeId: string,
    private readonly broker: Broker,
    clock: Clock,
    private readonly events: NodeLinkEvents,
  ) {
    this.ownSignature = signature(nodeId);
    this.peers = new Peers(clock, {
      greet: (to) => this.send({ type: 'hello', to }),
      met: () => this.mayHaveMissed(),
      lost: (peerId) => this.lossHandlers.forEach((handle) => handle(peerId)),
    });
  }

  /** Whether announcements come through. */
  get isUp(): boolean {
    return this.broker.isUp;
  }

  /** The other nodes that have been heard lately. */
  get peerIds(): string[] {
    return this.peers.ids;
  }

  /** Resolves as `Broker.start` does. Handlers should be there before. */
  async start(): Promise<void> {
    await this.broker.start({
      receive: (_topic, payload) => this.receive(payload),
      stateChanged: (isUp) => {
        this.events.brokerChanged(isUp);
        if (!isUp) return;
        this.peers.greet();
        this.mayHaveMissed();
      },
    });
    this.peers.start();
  }

  async stop(): Promise<void> {
    this.peers.stop();
    this.emptyOutbox();
    this.send({ type: 'bye' });
    await this.broker.stop();
  }

  /** Has a handler called with what other nodes publish. It must not throw. */
  on<T extends AnnouncementType>(type: T, handle: AnnouncementHandler<T>): void {
    const handlers = this.handlers.get(type) ?? [];
    this.handlers.set(type, [...handlers, handle]);
  }

  /**
   * Has a handler called when announcements may have been missed: after a disturbance, or when a node is heard for the
   * first time. What is kept in memory is then worth a look at the database.
   */
  onGap(handle: () => void): void {
    this.gapHandlers.push(handle);
  }

  /** Has a handler called when another node has gone, or has been silent for so long that it is taken for gone. */
  onPeerLost(handle: (nodeId: string) => void): void {
    this.lossHandlers.push(handle);
  }

  /** Tells the other nodes. Call it after the commit, never before. */
  publish(announcement: Announcement): void {
    if (this.peers.count > 0) this.send(announcement);
  }

  /** Tells the other nodes of committed changes, when this turn of the event loop is over. */
  publishChanges(changes: readonly Change[]): void {
    if (this.peers.count === 0 || changes.length === 0) return;
    if (this.outbox.size === 0) setImmediate(() => this.emptyOutbox());
    for (const change of changes) {
      const ofRoom = this.outbox.get(change.roomId);
      if (ofRoom) ofRoom.push(change);
      else this.outbox.set(change.roomId, [change]);
    }
  }

  private emptyOutbox(): void {
    for (const [roomId, changes] of this.outbox) {
      this.send({
        type: 'changes',
        room_id: roomId,
        changes: changes.map(({ type, message }) => ({ type, message })),
      });
    }
    this.outbox.clear();
  }

  /** Publishes; changes that do not fit are announced by their last number alone. */
  private send(announcement: Announcement): void {
    const payload = encodeAnnouncement(this.nodeId, announcement);
    if (Buffer.byteLength(payload) <= this.broker.maxPayloadBytes) {
      this.broker.publish(topicOf(announcement), payload);
      this.events.published(announcement.type);
    } else if (announcement.type === 'changes') {
      const lastSeq = announcement.changes.at(-1)!.message.seq;
      this.send({ type: 'advanced', room_id: announcement.room_id, last_seq: lastSeq });
    } else {
      this.events.dropped();
    }
  }

  private receive(payload: string): void {
    if (payload.startsWith(this.ownSignature)) return;
    const received = decodeAnnouncement(payload);
    if (!received) return this.events.dropped();
    const { from, announcement } = received;
    this.events.received(announcement.type);
    this.noteSignOfLife(from, announcement);
    for (const handle of this.handlers.get(announcement.type) ?? []) {
      try {
        handle(announcement as never, from);
      } catch (error) {
        this.events.failed(error);
      }
    }
  }

  private noteSignOfLife(from: string, announcement: Announcement): void {
    if (announcement.type === 'bye') this.peers.leave(from);
    else if (announcement.type === 'hello' && announcement.to === this.nodeId) this.peers.answered(from);
    else this.peers.heard(from);
  }

  private mayHaveMissed(): void {
    for (const handle of this.gapHandlers) handle();
  }
}
