/** Where an announcement goes: to the nodes that have subscribed to a room, or to all of them. */
export type Topic = 'nodes' | { readonly roomId: number };

/** What every broker takes at least. Lists are announced in parts that fit, whatever they name. */
export const LEAST_MAX_PAYLOAD_BYTES = 7_999;

/** What a broker calls. Neither throws. */
export interface BrokerEvents {
  /** A payload has come: from another node, from this one (an echo), or from a stranger. Not checked in any way. */
  receive(topic: Topic, payload: string): void;
  /**
   * Called when `isUp` has changed, and each time that a lost subscription is back. What was published meanwhile never
   * comes.
   */
  stateChanged(isUp: boolean): void;
}

/**
 * Carries announcements between the nodes.
 *
 * Delivery: a hint, never a truth. A payload may come late, twice, in another order or not at all, and nobody is told.
 * Whoever needs certainty reads the log. Failure: no method throws or rejects because of the carrier; while it is out of
 * reach the broker keeps trying, and what is published is dropped: late hints help nobody.
 */
export abstract class Broker {
  /** The largest payload that `publish` takes, in bytes of UTF-8; at least `LEAST_MAX_PAYLOAD_BYTES`. */
  abstract readonly maxPayloadBytes: number;

  /**
   * Whether what is published comes back: proved by a probe that each node sends to itself, so that a connection which
   * died without a word counts as down within ten seconds.
   */
  abstract readonly isUp: boolean;

  /**
   * Connects and subscribes to what goes to all nodes. Resolves once that is up, or when it could not be had within a
   * few seconds; the broker then keeps trying. Once.
   */
  abstract start(events: BrokerEvents): Promise<void>;

  /** Hands over a payload, not larger than `maxPayloadBytes`. Returns at once. */
  abstract publish(topic: Topic, payload: string): void;

  /**
   * From some moment on, what is published to the room is received. Resolves then, or, while the broker is down, at
   * once; a subscription outlives lost connections. Without effect if there is one.
   */
  abstract subscribe(roomId: number): Promise<void>;

  /** Nothing of the room is received from now on. Without effect if there is no subscription. */
  abstract unsubscribe(roomId: number): void;

  /** For good: nothing is received or published any more, and every connection is ended. */
  abstract stop(): Promise<void>;
}
