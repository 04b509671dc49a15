import {
  Broker,
  type BrokerEvents,
  LEAST_MAX_PAYLOAD_BYTES,
  type Topic,
} from '../../src/realtime/broker/broker';

type Delivery = (deliver: () => void, topic: Topic, payload: string) => void;

/** What carries between the brokers of one process: at once, in order, echoes included, unless a test wants otherwise. */
export class MemoryCarrier {
  readonly brokers = new Set<MemoryBroker>();
  /** Everything that was published, lost or not. */
  readonly published: { topic: Topic; payload: string }[] = [];
  /** Decides what becomes of one delivery to one broker: call it now, later, twice or never. */
  onDelivery: Delivery = (deliver) => deliver();

  broker(): MemoryBroker {
    return new MemoryBroker(this);
  }

  /** As any node, or a stranger, might. */
  publish(topic: Topic, payload: string): void {
    this.published.push({ topic, payload });
    for (const broker of this.brokers) {
      if (broker.hears(topic)) this.onDelivery(() => broker.deliver(topic, payload), topic, payload);
    }
  }
}

/** A node's broker on a carrier in memory, which a test may take down. */
export class MemoryBroker extends Broker {
  maxPayloadBytes = LEAST_MAX_PAYLOAD_BYTES;
  readonly rooms = new Set<number>();
  private events: BrokerEvents | null = null;
  private isBroken = false;

  constructor(private readonly carrier: MemoryCarrier) {
    super();
  }

  get isUp(): boolean {
    return this.events !== null && !this.isBroken;
  }

  start(events: BrokerEvents): Promise<void> {
    this.events = events;
    this.carrier.brokers.add(this);
    if (this.isUp) events.stateChanged(true);
    return Promise.resolve();
  }

  publish(topic: Topic, payload: string): void {
    if (this.isUp) this.carrier.publish(topic, payload);
  }

  subscribe(roomId: number): Promise<void> {
    this.rooms.add(roomId);
    return Promise.resolve();
  }

  unsubscribe(roomId: number): void {
    this.rooms.delete(roomId);
  }

  stop(): Promise<void> {
    this.carrier.brokers.delete(this);
    this.events = null;
    return Promise.resolve();
  }

  hears(topic: Topic): boolean {
    return this.isUp && (topic === 'nodes' || this.rooms.has(topic.roomId));
  }

  deliver(topic: Topic, payload: string): void {
    if (this.hears(topic)) this.events?.receive(topic, payload);
  }

  goDown(): void {
    this.isBroken = true;
    this.events?.stateChanged(false);
  }

  comeBack(): void {
    this.isBroken = false;
    this.events?.stateChanged(true);
  }
}
