import { randomBytes } from 'node:crypto';
import type { Clock } from '../common/clock';
import type { AppConfig } from '../config/app-config';
import { Broker, type BrokerEvents, type Topic } from '../realtime/broker/broker';
import { PostgresPublisher } from './postgres-publisher';
import { PostgresSubscriber } from './postgres-subscriber';
import { Probe, type ProbeOptions } from './probe';

const START_TIMEOUT_MS = 3000;
const NODES_CHANNEL = 'chat_nodes';
const ROOM_CHANNEL = /^chat_room_(\d+)$/;

/** Carries announcements by PostgreSQL's LISTEN and NOTIFY: what is there anyway is enough for several nodes. */
export class PostgresBroker extends Broker {
  /** A notification has to be shorter than 8000 bytes. */
  readonly maxPayloadBytes = 7999;
  private readonly probeChannel = `chat_probe_${randomBytes(8).toString('hex')}`;
  private readonly publisher: PostgresPublisher;
  private readonly subscriber: PostgresSubscriber;
  private readonly probe: Probe;
  private events: BrokerEvents | null = null;
  /** Resolves `start`. */
  private started: () => void = () => undefined;

  constructor(
    config: AppConfig,
    private readonly clock: Clock,
    probeOptions?: ProbeOptions,
  ) {
    super();
    this.publisher = new PostgresPublisher(config);
    this.subscriber = new PostgresSubscriber(config, clock, {
      notified: (channel, payload) => this.receive(channel, payload),
      connected: () => this.probe.renew(),
      disconnected: () => this.probe.lost(),
    });
    this.probe = new Probe(
      clock,
      {
        send: () => this.publisher.notify(this.probeChannel, ''),
        changed: (isUp) => this.changed(isUp),
        deaf: () => this.subscriber.reconnect(),
      },
      probeOptions,
    );
  }

  get isUp(): boolean {
    return this.probe.isUp;
  }

  start(events: BrokerEvents): Promise<void> {
    this.events = events;
    void this.subscriber.listen(this.probeChannel);
    void this.subscriber.listen(NODES_CHANNEL);
    this.subscriber.start();
    this.probe.start();
    return new Promise((resolve) => {
      this.started = resolve;
      this.clock.after(START_TIMEOUT_MS, resolve);
    });
  }

  publish(topic: Topic, payload: string): void {
    // Also while nothing comes back: others may hear.
    this.publisher.notify(channelOf(topic), payload);
  }

  subscribe(roomId: number): Promise<void> {
    return this.subscriber.listen(channelOf({ roomId }));
  }

  unsubscribe(roomId: number): void {
    this.subscriber.unlisten(channelOf({ roomId }));
  }

  async stop(): Promise<void> {
    this.probe.stop();
    this.events = null;
    this.started();
    await Promise.all([this.publisher.stop(), this.subscriber.stop()]);
  }

  private changed(isUp: boolean): void {
    this.events?.stateChanged(isUp);
    if (isUp) this.started();
  }

  private receive(channel: string, payload: string): void {
    if (channel === this.probeChannel) this.probe.echoed();
    else if (channel === NODES_CHANNEL) this.events?.receive('nodes', payload);
    else this.events?.receive({ roomId: Number(ROOM_CHANNEL.exec(channel)![1]) }, payload);
  }
}

function channelOf(topic: Topic): string {
  return topic === 'nodes' ? NODES_CHANNEL : `chat_room_${topic.roomId}`;
}
