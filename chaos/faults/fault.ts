import type { Scene } from '../scene';

/** Something bad that happens while people chat. */
export interface Fault {
  readonly name: string;
  /** Where it can strike at all; everywhere by default. */
  readonly needs?: 'two nodes';
  /**
   * Does it, and undoes it: when it resolves, everything runs again. Calls `scene.struck()` at the moment from which
   * recovery counts.
   */
  strike(scene: Scene): Promise<void>;
}
