import { Cluster } from 'ioredis';
import type { RedisConfig } from '../config/app-config';
import { RedisLink, type RedisLinkEvents } from './redis-link';
import { clusterNodes, clusterOptions } from './redis-options';

/** Names to choose probe channels from: enough that among dozens of shards hardly one goes without. */
const PROBE_CANDIDATES = 256;

/**
 * A cluster, with sharded publishing: a room's announcements go through the shard that its channel belongs to, and
 * through no other. The client follows slots that move between the nodes that it knows, within a few
 * seconds.
 */
export class RedisClusterLink extends RedisLink {
  private readonly cluster: Cluster;
  private candidates: { channel: string; slot: number }[] = [];
  private isOpen = false;

  constructor(
    config: RedisConfig,
    private readonly probe: string,
    events: RedisLinkEvents,
  ) {
    super();
    this.cluster = new Cluster(clusterNodes(config), {
      ...clusterOptions(config, 'broker'),
      clusterRetryStrategy: () => null,
      shardedSubscribers: true,
      enableAutoPipelining: true,
      autoPipeliningIgnoredCommands: ['ssubscribe', 'sunsubscribe'],
    });
    this.cluster.on('error', events.lost);
    this.cluster.on('end', () => events.lost(new Error('The Redis cluster has closed all connections.')));
    // The client would subscribe anew by itself, and nobody would know that something may have been missed.
    this.cluster.on('-node', () => {
      if (this.isOpen) events.lost(new Error('A node of the Redis cluster has gone.'));
    });
    this.cluster.on('smessageBuffer', (channel: Buffer, payload: Buffer) =>
      events.message(channel.toString(), payload),
    );
  }

  async open(): Promise<void> {
    await this.cluster.connect();
    const names = Array.from({ length: PROBE_CANDIDATES }, (_, n) => `${this.probe}:${n}`);
    this.candidates = await Promise.all(
      names.map(async (channel) => ({ channel, slot: await this.cluster.cluster('KEYSLOT', channel) })),
    );
    this.isOpen = true;
  }

  // The client throws at once while nobody serves a slot: hence `async`.
  async publish(channel: string, payload: string): Promise<unknown> {
    return this.cluster.spublish(channel, payload);
  }

  async subscribe(channels: readonly string[]): Promise<void> {
    // One by one: a command may only name channels of one slot.
    await Promise.all(channels.map((channel) => this.cluster.ssubscribe(channel)));
  }

  async unsubscribe(channel: string): Promise<unknown> {
    return this.cluster.sunsubscribe(channel);
  }

  /** One of each master. */
  probeChannels(): string[] {
    const byMaster = new Map<string, string>();
    for (const { channel, slot } of this.candidates) {
      const master = this.cluster.slots[slot]?.[0];
      if (master !== undefined && !byMaster.has(master)) byMaster.set(master, channel);
    }
    return [...byMaster.values()];
  }

  end(): void {
    if (this.cluster.status !== 'end') this.cluster.disconnect();
  }
}
