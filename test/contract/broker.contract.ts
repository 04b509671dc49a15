import { type Broker, LEAST_MAX_PAYLOAD_BYTES, type Topic } from '../../src/realtime/broker/broker';
import { BrokerNode } from '../support/broker-node';

/** A carrier between nodes, and what a test may do to it. */
export interface BrokerStage {
  /** A node's broker on this carrier; not started. */
  aBroker(): Broker;
  /** Publishes as a stranger who has got at the carrier. */
  publish(topic: Topic, payload: string): Promise<void>;
  /** Ends what every broker hears through, without a word to it but the end of the connection. */
  cutSubscriptions(): Promise<void>;
  end(): Promise<void>;
}

const ROOM = { roomId: 7 };

/** What the nodes rely on, whatever carries between them. */
export function describeBroker(name: string, start: () => Promise<BrokerStage>): void {
  describe(name, () => {
    let stage: BrokerStage;
    let ada: BrokerNode;
    let bob: BrokerNode;

    beforeAll(async () => {
      stage = await start();
    });
    afterAll(() => stage.end());
    beforeEach(async () => {
      [ada, bob] = [new BrokerNode(stage.aBroker()), new BrokerNode(stage.aBroker())];
      await Promise.all([ada.start(), bob.start()]);
      await bob.broker.subscribe(ROOM.roomId);
    });
    afterEach(() => Promise.all([ada.broker.stop(), bob.broker.stop()]));

    it('is up once it has started, and has said so', () => {
      expect(ada.broker.isUp).toBe(true);
      expect(ada.states).toEqual([true]);
    });

    it('carries what concerns a room to those who follow it, and what concerns all nodes to all', async () => {
      ada.broker.publish(ROOM, 'to the room');
      ada.broker.publish({ roomId: 8 }, 'to another room');
      ada.broker.publish('nodes', 'to all');

      await bob.hears('to all');
      await bob.hears('to the room');
      expect(bob.received).toHaveLength(2);
      expect(bob.received).toEqual(
        expect.arrayContaining([
          { topic: ROOM, payload: 'to the room' },
          { topic: 'nodes', payload: 'to all' },
        ]),
      );
      expect(ada.payloads).not.toContain('to the room');
    });

    it('hears a room once, however often it was subscribed to, and not at all once it is let go', async () => {
      await bob.broker.subscribe(ROOM.roomId);
      ada.broker.publish(ROOM, 'once');
      await bob.hears('once');

      bob.broker.unsubscribe(ROOM.roomId);
      await bob.broker.subscribe(9);
      ada.broker.publish(ROOM, 'while away');
      ada.broker.publish({ roomId: 9 }, 'marker');
      await bob.hears('marker');
      await bob.broker.subscribe(ROOM.roomId);
      ada.broker.publish(ROOM, 'after the return');

      await bob.hears('after the return');
      expect(bob.payloads).toEqual(['once', 'marker', 'after the return']);
    });

    it('follows somebody who comes and goes to where they are in the end', async () => {
      const moves: Promise<void>[] = [];
      for (let n = 0; n < 20; n++) {
        moves.push(bob.broker.subscribe(n));
        if (n % 2) bob.broker.unsubscribe(n);
      }
      await Promise.all(moves);

      for (let n = 0; n < 20; n++) ada.broker.publish({ roomId: n }, `to ${n}`);

      const expected = Array.from({ length: 10 }, (_, index) => `to ${2 * index}`);
      // In no promised order: rooms may go through different servers.
      for (const payload of expected) await bob.hears(payload);
      expect(bob.payloads.toSorted()).toEqual(expected.toSorted());
    });

    it('carries the largest payload, and every character, as they are', async () => {
      expect(ada.broker.maxPayloadBytes).toBeGreaterThanOrEqual(LEAST_MAX_PAYLOAD_BYTES);
      const largest = 'x'.repeat(ada.broker.maxPayloadBytes);
      const strange = `'"; DROP TABLE rooms; -- \\ \u0001 \u2028 €𝄞 ${JSON.stringify('\n\0')}`;

      ada.broker.publish(ROOM, largest);
      ada.broker.publish(ROOM, strange);

      await bob.hears(strange);
      await bob.hears(largest);
    });

    it('carries thousands that come at once', async () => {
      const payloads = Array.from({ length: 3000 }, (_, n) => `announcement ${n}`);

      for (const payload of payloads) ada.broker.publish(ROOM, payload);

      await bob.hears(payloads.at(-1)!);
      expect(bob.payloads.toSorted()).toEqual(payloads.toSorted());
    });

    it('hands on what a stranger publishes as it is, and takes no harm', async () => {
      await stage.publish(ROOM, 'garbage');
      await stage.publish('nodes', '{"v":');
      await stage.publish(ROOM, '');
      ada.broker.publish(ROOM, 'marker');

      await bob.hears('marker');
      await bob.hears('garbage');
      await bob.hears('{"v":');
      expect(bob.states).toEqual([true]);
    });

    it('comes back with all its rooms when its subscriptions are cut, and says that it was away', async () => {
      await stage.cutSubscriptions();
      ada.broker.publish(ROOM, 'into the void');
      await bob.broker.subscribe(8);
      await bob.wentDown();
      await Promise.all([ada.isUp(), bob.isUp()]);

      await bob.hearsSome(() => ada.broker.publish(ROOM, 'again'), 'again');
      await bob.hearsSome(() => ada.broker.publish({ roomId: 8 }, 'entered meanwhile'), 'entered meanwhile');
      expect(bob.states.slice(0, 3)).toEqual([true, false, true]);
    });

    it('is gone for good once it is stopped, and has said before what it had to say', async () => {
      ada.broker.publish(ROOM, 'goodbye');
      await ada.broker.stop();
      ada.broker.publish(ROOM, 'beyond the grave');
      bob.broker.publish('nodes', 'marker');

      await bob.hears('marker');
      await bob.hears('goodbye');
      expect(bob.payloads).not.toContain('beyond the grave');
      expect(ada.payloads).toEqual([]);
    });
  });
}
