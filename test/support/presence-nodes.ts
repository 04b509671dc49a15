import type { PresenceState } from '../../src/protocol/models';
import type { Announcement } from '../../src/realtime/broker/announcement';
import { decodeAnnouncement, encodeAnnouncement } from '../../src/realtime/broker/announcement-codec';
import type { Topic } from '../../src/realtime/broker/broker';
import { NodeLink } from '../../src/realtime/broker/node-link';
import { RoomSubscriptions } from '../../src/realtime/broker/room-subscriptions';
import { PresenceLink } from '../../src/realtime/presence-link';
import type { OnFakeSocket } from './a-connection';
import { FakeRoomLog } from './fake-room-log';
import { ManualClock } from './manual-clock';
import { MemoryCarrier } from './memory-broker';
import { aUser, GRACE_MS, INTERVAL_MS, person, PresenceStage, ROOM } from './presence-stage';
import { settled } from './turns';

/** Presence over several nodes, which hear of each other through one carrier. */
export class PresenceNodes {
  readonly clock = new ManualClock();
  readonly carrier = new MemoryCarrier();
  private readonly log = new FakeRoomLog(ROOM, 2);

  async start<const Ids extends readonly string[]>(...nodeIds: Ids) {
    const nodes: PresenceNode[] = [];
    for (const nodeId of nodeIds) nodes.push(await this.node(nodeId));
    return nodes as { -readonly [At in keyof Ids]: PresenceNode };
  }

  async node(nodeId: string): Promise<PresenceNode> {
    const node = new PresenceNode(nodeId, this, this.log);
    node.others.serve(node.presence);
    await node.link.start();
    return node;
  }

  /** Moves the time in steps, so that what is set off at one moment has its say at the next. */
  async goOn(byMs: number, stepMs = 500): Promise<void> {
    for (let left = byMs; left >= 0; left -= stepMs) {
      await settled();
      this.clock.advance(Math.min(stepMs, left));
    }
    await settled();
  }

  /** How often nodes have announced something of these types. */
  said(...types: Announcement['type'][]): number {
    return this.announced().filter((type) => types.includes(type)).length;
  }

  announced(): Announcement['type'][] {
    return this.carrier.published.map(({ payload }) => decodeAnnouncement(payload)!.announcement.type);
  }

  /** Announces something as a node, or a stranger, might. */
  sayAs(nodeId: string, announcement: Announcement, topic: Topic): void {
    this.carrier.publish(topic, encodeAnnouncement(nodeId, announcement));
  }
}

export class PresenceNode {
  readonly broker;
  readonly link: NodeLink;
  readonly others: PresenceLink;
  private readonly stage: PresenceStage;

  constructor(
    nodeId: string,
    private readonly nodes: PresenceNodes,
    log: FakeRoomLog,
  ) {
    const { clock, carrier } = nodes;
    this.broker = carrier.broker();
    this.link = new NodeLink(nodeId, this.broker, clock, {
      published: noop,
      received: noop,
      dropped: noop,
      brokerChanged: noop,
      failed: (error) => {
        throw error;
      },
    });
    const subscriptions = new RoomSubscriptions(this.broker, clock);
    this.others = new PresenceLink(this.link, subscriptions, clock, {
      intervalMs: INTERVAL_MS,
      graceMs: GRACE_MS,
    });
    this.stage = new PresenceStage(clock, log, this.others);
  }

  get presence() {
    return this.stage.presence;
  }

  get feeds() {
    return this.stage.feeds;
  }

  async enter(userId: number): Promise<OnFakeSocket> {
    const client = aUser(userId);
    await this.stage.enter(client);
    return client;
  }

  /** Who is in the room, by id, as this node tells it when it has asked the others. */
  async present(): Promise<PresenceState> {
    const state = this.presence.of(ROOM);
    await this.nodes.goOn(0);
    if (state instanceof Promise) await this.nodes.goOn(INTERVAL_MS);
    const { users, ...rest } = await state;
    return users ? { ...rest, users: users.toSorted((a, b) => a.id - b.id) } : rest;
  }

  /** As a process that is killed: nothing more is heard of it. */
  die(): void {
    this.others.stop();
    this.nodes.carrier.brokers.delete(this.broker);
    this.broker.goDown();
  }
}

/** What is told of a room where these users are, and listed. */
export function listed(...ids: number[]): PresenceState {
  return { count: ids.length, users: ids.map(person) };
}

function noop(): void {}
