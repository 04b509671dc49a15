import type { Cancel, Clock } from '../../common/clock';

const HELLO_MS = 3000;
/** Four hellos missed. */
const SILENT_MS = 13_000;
/** Beyond, strangers make up names; a node that is not counted is told everything all the same. */
const PEERS_MAX = 1000;

export interface PeersEvents {
  /** Sends a hello to all nodes; `to` names the one that it answers. */
  greet(to: string | null): void;
  /** A node is there of which nothing was known, or which knew nothing of this one: what it announced was not heard. */
  met(nodeId: string): void;
  /** A node has said goodbye, or has been silent for long. */
  lost(nodeId: string): void;
}

/**
 * The other nodes, as far as they are heard. Each says hello every few seconds; whoever hears a node for the first time
 * answers at once, so both know of each other from the newcomer's first word on.
 */
export class Peers {
  private readonly heardAt = new Map<string, number>();
  private cancelTick: Cancel | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly events: PeersEvents,
  ) {}

  get ids(): string[] {
    return [...this.heardAt.keys()];
  }

  get count(): number {
    return this.heardAt.size;
  }

  /** Says hello from now on. */
  start(): void {
    this.tickLater();
  }

  /** Says hello to all nodes, out of turn: the line is there, or there again. */
  greet(): void {
    this.events.greet(null);
  }

  stop(): void {
    this.cancelTick?.();
  }

  /** Any word of a node is a sign of life. */
  heard(nodeId: string): void {
    const isNew = !this.heardAt.has(nodeId);
    if (isNew && this.heardAt.size >= PEERS_MAX) return;
    this.heardAt.set(nodeId, this.clock.monotonic());
    if (!isNew) return;
    this.events.greet(nodeId);
    this.events.met(nodeId);
  }

  /** The node answers this node's hello: until then it may have taken itself for alone. */
  answered(nodeId: string): void {
    const isNew = !this.heardAt.has(nodeId);
    this.heard(nodeId);
    if (!isNew) this.events.met(nodeId);
  }

  leave(nodeId: string): void {
    if (this.heardAt.delete(nodeId)) this.events.lost(nodeId);
  }

  private tickLater(): void {
    this.cancelTick = this.clock.after(HELLO_MS, () => {
      this.events.greet(null);
      const now = this.clock.monotonic();
      for (const [nodeId, at] of this.heardAt) if (now - at >= SILENT_MS) this.leave(nodeId);
      this.tickLater();
    });
  }
}
