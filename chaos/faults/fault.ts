import type { Scene } from '../scene';
import type { BrokerKind } from '../stage/cluster';

/** Something bad that happens while people chat. */
export interface Fault {
  readonly name: string;
  /** The broker that it is about; by default it strikes with any. */
  readonly needs?: BrokerKind;
  /** So many nodes at least, without which it would prove nothing; by default one. */
  readonly nodes?: number;
  /**
   * Does it, and undoes it: when it resolves, everything runs again. Calls `scene.struck()` at the moment from which
   * recovery counts.
   */
  strike(scene: Scene): Promise<void>;
}
