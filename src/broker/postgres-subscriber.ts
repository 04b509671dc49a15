import { Socket } from 'node:net';
import type { Client } from 'pg';
import { Backoff } from '../common/backoff';
import type { Clock } from '../common/clock';
import type { AppConfig } from '../config/app-config';
import { poolConfig } from '../database/data-source-options';
import { MortalClient } from '../database/mortal-client';

const RECONNECT_MS = [50, 200, 500, 1000, 2000];
/** Channels of one statement. */
const BATCH_MAX = 500;
/** For a goodbye to a PostgreSQL that answers. */
const GOODBYE_MS = 500;

export interface SubscriberEvents {
  notified(channel: string, payload: string): void;
  /** All channels are listened to, on a new connection. */
  connected(): void;
  disconnected(): void;
}

interface Line {
  client: Client;
  socket: Socket;
}

/** Listens to channels over a connection of its own, which it replaces when it breaks. */
export class PostgresSubscriber {
  private line: Line | null = null;
  /** The connection that was made last, or is being made. */
  private dialled: Line | null = null;
  /** Resolves when no connection is being made any more. */
  private connecting = Promise.resolve();
  private readonly wanted = new Set<string>();
  /** Channels of which PostgreSQL has not been told whether they are wanted, with those who wait for that. */
  private readonly untold = new Map<string, (() => void)[]>();
  private isTelling = false;
  private isStopped = false;
  private readonly backoff: Backoff;

  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly events: SubscriberEvents,
  ) {
    this.backoff = new Backoff(clock, RECONNECT_MS);
  }

  start(): void {
    this.connecting = this.connect();
  }

  /** Resolves when there is no connection any more, nor one that is being made. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.backoff.interrupt();
    const { line } = this;
    if (!line) {
      this.dialled?.socket.destroy();
      return this.connecting;
    }
    const cancel = this.clock.after(GOODBYE_MS, () => line.socket.destroy());
    await line.client.end();
    cancel();
  }

  /** Resolves when the channel is listened to, or at once while there is no connection. */
  listen(channel: string): Promise<void> {
    this.wanted.add(channel);
    return this.tell(channel);
  }

  unlisten(channel: string): void {
    this.wanted.delete(channel);
    void this.tell(channel);
  }

  /** Gives up a connection that nothing comes through any more; its end would never be answered. */
  reconnect(): void {
    this.line?.socket.destroy();
  }

  private async connect(): Promise<void> {
    while (!this.isStopped) {
      const line = (this.dialled = this.dial());
      try {
        await line.client.connect();
        await this.take(line);
        return;
      } catch {
        line.socket.destroy();
        if (!this.isStopped) await this.backoff.wait();
      }
    }
  }

  private dial(): Line {
    const socket = new Socket();
    const client = new MortalClient({ ...poolConfig(this.config), stream: () => socket });
    const line = { client, socket };
    client.on('error', () => this.lose(line));
    client.on('end', () => this.lose(line));
    client.on('notification', ({ channel, payload }) => {
      if (this.line === line && this.wanted.has(channel)) this.events.notified(channel, payload ?? '');
    });
    return line;
  }

  private async take(line: Line): Promise<void> {
    for (const channel of this.wanted) this.untold.set(channel, []);
    await this.tellAll(line);
    if (this.isStopped) return line.client.end();
    this.line = line;
    this.backoff.reset();
    this.events.connected();
  }

  private lose(line: Line): void {
    if (this.line !== line) return;
    this.line = null;
    // Nobody waits for a connection that is not there; the next one is told everything.
    for (const waiting of this.untold.values()) waiting.forEach((resolve) => resolve());
    this.untold.clear();
    if (this.isStopped) return;
    this.events.disconnected();
    this.connecting = this.connect();
  }

  private tell(channel: string): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.untold.get(channel) ?? [];
      this.untold.set(channel, waiting);
      if (!this.line) return resolve();
      waiting.push(resolve);
      void this.keepTelling(this.line);
    });
  }

  private async keepTelling(line: Line): Promise<void> {
    if (this.isTelling) return;
    this.isTelling = true;
    await this.tellAll(line).catch(() => line.socket.destroy());
    this.isTelling = false;
  }

  /** Tells all that is to be told, many channels at a time. */
  private async tellAll({ client }: Line): Promise<void> {
    while (this.untold.size > 0) {
      const batch = [...this.untold].slice(0, BATCH_MAX);
      for (const [channel] of batch) this.untold.delete(channel);
      const commands = batch.map(
        ([channel]) => `${this.wanted.has(channel) ? 'LISTEN' : 'UNLISTEN'} "${channel}"`,
      );
      try {
        await client.query(commands.join('; '));
      } finally {
        for (const [, waiting] of batch) waiting.forEach((resolve) => resolve());
      }
    }
  }
}
