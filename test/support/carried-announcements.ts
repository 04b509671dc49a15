import { Broker, type Topic } from '../../src/realtime/broker/broker';
import type { TestServer } from './test-server';

/** Has `decide` say what becomes of everything that a node publishes: carried now, later, twice or never. */
export function onPublish(
  node: TestServer,
  decide: (carry: () => void, topic: Topic, payload: string) => void,
): void {
  const broker = node.app.get(Broker, { strict: false });
  const publish = broker.publish.bind(broker);
  jest.spyOn(broker, 'publish').mockImplementation((topic, payload) => {
    decide(() => publish(topic, payload), topic, payload);
  });
}
