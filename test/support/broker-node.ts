import type { Broker, Topic } from '../../src/realtime/broker/broker';
import { eventually } from './eventually';

/** A node's broker, and everything that it has told. */
export class BrokerNode<B extends Broker = Broker> {
  readonly received: { topic: Topic; payload: string }[] = [];
  readonly states: boolean[] = [];

  constructor(readonly broker: B) {}

  start(): Promise<void> {
    return this.broker.start({
      receive: (topic, payload) => this.received.push({ topic, payload }),
      stateChanged: (isUp) => this.states.push(isUp),
    });
  }

  get payloads(): string[] {
    return this.received.map(({ payload }) => payload);
  }

  async hears(payload: string): Promise<void> {
    await eventually(() => this.payloads.includes(payload), `hearing ${payload.slice(0, 100)}`);
  }

  /** Resolves when it hears what `publish` publishes, time and again: some may be lost while the carrier comes back. */
  async hearsSome(publish: () => void, payload: string): Promise<void> {
    publish();
    const again = setInterval(publish, 100);
    await this.hears(payload).finally(() => clearInterval(again));
  }

  async isUp(): Promise<void> {
    await eventually(() => this.broker.isUp, 'the broker is up');
  }

  /** Resolves when it has been down, be it up again already. */
  async wentDown(): Promise<void> {
    await eventually(() => this.states.includes(false), 'the broker goes down');
  }
}
