import { Backoff } from '../common/backoff';
import type { Clock } from '../common/clock';
import { Broker, type BrokerEvents, type Topic } from '../realtime/broker/broker';
import type { RedisLink, RedisLinkEvents } from './redis-link';
import { RedisProbe } from './redis-probe';

/** Beyond this a doorbell is cheaper: who hears it reads the log once. */
const PAYLOAD_MAX_BYTES = 128 * 1024;
/** What may be under way to Redis; more is dropped, so a server that hangs costs this much memory and no more. */
const UNANSWERED_MAX_BYTES = 8 * 1024 * 1024;
/** From the first packet until the first probe is back. */
const ESTABLISH_TIMEOUT_MS = 4000;
/** How long somebody who enters a room waits for its subscription. Without one the sweep has to do, which is no error. */
const SUBSCRIBE_TIMEOUT_MS = 500;
/** For what a stop has still to say. */
const FAREWELL_MS = 500;
const RETRY_STEPS_MS = [100, 250, 500, 1000, 2000];

export interface RedisBrokerOptions {
  /** What the channels of this chat begin with. */
  prefix: string;
  clock: Clock;
  /** For tests that cannot wait. */
  probeIntervalMs?: number;
  /** From 0 to 1, for the jitter of reconnects. */
  random: () => number;
  openLink(events: RedisLinkEvents): RedisLink;
  /** Told once when Redis is lost or cannot be had, with the reason, and with null when it is there again. */
  report: (trouble: Error | null) => void;
}

/**
 * Announcements over publish and subscribe of Redis or Valkey.
 *
 * It lives one link after the other. A link counts once a probe has come back through it, and is thrown away at the first
 * doubt; the next one subscribes to everything anew. Between the two, and beyond what Redis takes, announcements are
 * dropped and nothing is kept for later.
 */
export class RedisBroker extends Broker {
  readonly maxPayloadBytes = PAYLOAD_MAX_BYTES;
  private readonly rooms = new Set<number>();
  private readonly backoff: Backoff;
  private readonly nodesChannel: string;
  private readonly roomPrefix: string;
  private events: BrokerEvents | null = null;
  /** Connected, and perhaps not proven yet. */
  private link: RedisLink | null = null;
  private isProven = false;
  private isInTrouble = false;
  private isStopped = false;
  private unansweredBytes = 0;
  private lastSent: Promise<unknown> = Promise.resolve();
  private endLife: (reason: Error) => void = () => undefined;
  private markBegun: () => void = () => undefined;

  constructor(private readonly options: RedisBrokerOptions) {
    super();
    this.nodesChannel = `${options.prefix}:nodes`;
    this.roomPrefix = `${options.prefix}:room:`;
    this.backoff = new Backoff(options.clock, RETRY_STEPS_MS, options.random);
  }

  get isUp(): boolean {
    return this.isProven;
  }

  start(events: BrokerEvents): Promise<void> {
    this.events = events;
    const begun = new Promise<void>((resolve) => (this.markBegun = resolve));
    void this.live();
    return begun;
  }

  publish(topic: Topic, payload: string): void {
    if (!this.link || !this.isProven || this.isStopped) return;
    const bytes = Buffer.byteLength(payload);
    if (this.unansweredBytes + bytes > UNANSWERED_MAX_BYTES) return;
    this.unansweredBytes += bytes;
    const channel = topic === 'nodes' ? this.nodesChannel : this.roomPrefix + topic.roomId;
    this.lastSent = this.link
      .publish(channel, payload)
      // Whether Redis is still of use, the probe tells.
      .catch(() => undefined)
      .finally(() => (this.unansweredBytes -= bytes));
  }

  async subscribe(roomId: number): Promise<void> {
    if (this.rooms.has(roomId)) return;
    this.rooms.add(roomId);
    const confirmed = this.link?.subscribe([this.roomPrefix + roomId]).catch(this.endLife);
    await this.within(SUBSCRIBE_TIMEOUT_MS, confirmed);
  }

  unsubscribe(roomId: number): void {
    if (this.rooms.delete(roomId)) this.link?.unsubscribe(this.roomPrefix + roomId).catch(this.endLife);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.within(FAREWELL_MS, this.lastSent);
    this.endLife(new Error('The broker has been stopped.'));
    this.backoff.interrupt();
  }

  private async live(): Promise<void> {
    while (!this.isStopped) {
      const reason = await this.liveOnce();
      const wasProven = this.isProven;
      this.isProven = false;
      this.markBegun();
      if (this.isStopped) return;
      if (!this.isInTrouble) this.options.report(reason);
      this.isInTrouble = true;
      if (wasProven) this.events?.stateChanged(false);
      await this.backoff.wait();
    }
  }

  /** Opens a link and serves until it is of no use any more; resolves with the reason. */
  private async liveOnce(): Promise<Error> {
    const ended = new Promise<Error>((resolve) => (this.endLife = resolve));
    const endLife = this.endLife;
    const link = this.options.openLink({
      message: (channel, payload) => this.take(probe, channel, payload),
      lost: endLife,
    });
    const cancelDeadline = this.options.clock.after(ESTABLISH_TIMEOUT_MS, () =>
      endLife(new Error('Redis does not answer in time.')),
    );
    const events = {
      proven: () => {
        cancelDeadline();
        this.comeUp();
      },
      silent: endLife,
    };
    const probe = new RedisProbe(link, this.options.clock, events, this.options.probeIntervalMs);
    const opened = link.open().then(() => true);
    const isOpen = await Promise.race([opened, ended]).catch(endLife);
    if (isOpen === true) {
      this.link = link;
      const channels = [this.nodesChannel, ...[...this.rooms].map((roomId) => this.roomPrefix + roomId)];
      link
        .subscribe(channels)
        .then(() => probe.start())
        .catch(endLife);
    }
    const reason = await ended;
    this.link = null;
    cancelDeadline();
    probe.stop();
    link.end();
    return reason;
  }

  private comeUp(): void {
    if (this.isStopped) return;
    this.backoff.reset();
    this.isProven = true;
    if (this.isInTrouble) this.options.report(null);
    this.isInTrouble = false;
    this.events?.stateChanged(true);
    this.markBegun();
  }

  private take(probe: RedisProbe, channel: string, payload: Buffer): void {
    if (this.isStopped || probe.heard(channel) || payload.byteLength > PAYLOAD_MAX_BYTES) return;
    if (channel === this.nodesChannel) return this.events?.receive('nodes', payload.toString());
    const roomId = Number(channel.slice(this.roomPrefix.length));
    if (this.rooms.has(roomId)) this.events?.receive({ roomId }, payload.toString());
  }

  /** Resolves when `work` has, or when the time is up. */
  private async within(timeoutMs: number, work: Promise<unknown> | undefined): Promise<void> {
    let cancel = (): void => undefined;
    const timeout = new Promise<void>((resolve) => (cancel = this.options.clock.after(timeoutMs, resolve)));
    await Promise.race([work, timeout]);
    cancel();
  }
}
