import { setTimeout as delay } from 'node:timers/promises';
import type { ClientSpec } from '../protocols/protocol';
import { PROTOCOLS, type ProtocolName } from '../protocols/protocols';
import { Client, type ClientListener } from './client';
import { addFaults, type Faults, NO_FAULTS } from './delivery-check';
import { type Load, Outbox, type Pace, startPace } from './pace';
import { dueAt, nowMicros } from './stamp';
import { Tally } from './tally';

export interface FleetPlan {
  protocol: ProtocolName;
  port: number;
  clients: ClientSpec[];
  /** Senders of each room, those of other fleets included. */
  senders: number;
  /** Handshakes under way at once. */
  openAtOnce: number;
}

/** What happened within a window of time. */
export interface Measured {
  seconds: number;
  sent: number;
  refused: number;
  /** Messages received, over all receivers. */
  delivered: number;
  /** What the generator used of one core. */
  generatorCores: number;
}

/** Messages, from the beginning. */
export interface Totals {
  sent: number;
  refused: number;
}

/** What one sender has sent, so that other fleets know what their receivers are owed. */
export interface Sent {
  room: number;
  sender: number;
  last: number;
  refused: number[];
}

export interface Verdict {
  faults: Faults;
  /** Sockets that are no longer open, and why the first of them. */
  ended: number;
  endedBy: string | null;
  /** Counts of `Latencies`: each delivery to each receiver, from when the message was due, of the last window. */
  latencies: number[];
  /** `Tally.lasts` */
  lasts: ReadonlyMap<number, number>;
}

const SETTLE_POLL_MS = 20;
/** How long it is listened to what comes behind all that was owed. */
const QUIET_MS = 200;

/** Many clients of one server, in this process. */
export class Fleet implements ClientListener {
  private clients: Client[] = [];
  private senders: Client[] = [];
  private pace: Pace | null = null;
  private readonly outbox = new Outbox();
  private readonly tally = new Tally();
  private readonly refusedOf = new Map<Client, number[]>();
  private refusals = 0;
  private now = 0;

  /** Opens all sockets; resolves once all are in their rooms. */
  async connect({
    protocol,
    port,
    clients,
    senders,
    openAtOnce,
  }: FleetPlan): Promise<{ tookMs: number; retries: number }> {
    const rooms = new Set<number>();
    this.clients = clients.map((spec) => {
      const client = new Client(spec, senders, PROTOCOLS[protocol], this);
      client.parsesTexts = !rooms.has(spec.room);
      rooms.add(spec.room);
      return client;
    });
    this.senders = this.clients.filter(({ spec }) => spec.sender !== null);
    const startedAt = performance.now();
    const waiting = [...this.clients];
    const openOneByOne = async (): Promise<void> => {
      for (let client = waiting.pop(); client; client = waiting.pop()) await client.open(port);
    };
    await Promise.all(Array.from({ length: openAtOnce }, openOneByOne));
    const tookMs = performance.now() - startedAt;
    return { tookMs, retries: this.clients.reduce((sum, client) => sum + client.retries, 0) };
  }

  /** Sends from now on. */
  start(load: Load): void {
    this.pace = startPace(load, this.senders, this.outbox);
  }

  stop(): void {
    this.pace?.stop();
    this.pace = null;
  }

  /** Counts for a while; with `followsLast`, it finds out, too, when each message had reached its last receiver. */
  async measure(ms: number, followsLast = false): Promise<Measured> {
    const cpu = process.cpuUsage();
    const before = this.counts();
    this.tally.open(before.at, before.at + ms * 1000, followsLast);
    await delay(ms);
    const after = this.counts();
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (after.at - before.at) / 1e6;
    return {
      seconds,
      sent: after.sent - before.sent,
      refused: after.refused - before.refused,
      delivered: after.delivered - before.delivered,
      generatorCores: (user + system) / 1e6 / seconds,
    };
  }

  /** What was sent and refused until now. */
  totals(): Totals {
    return { sent: this.outbox.sent, refused: this.refusals };
  }

  /** Waits up to `timeoutMs` for the server's answers: only then it is known which messages the receivers are owed. */
  async whatWasSent(timeoutMs: number): Promise<Sent[]> {
    await until(() => this.senders.every((sender) => this.acksMissing(sender) === 0), timeoutMs);
    return this.senders.map((client) => ({
      room: client.spec.room,
      sender: client.spec.sender!,
      last: client.lastSent,
      refused: this.refusedOf.get(client) ?? [],
    }));
  }

  /** Waits up to `timeoutMs` until the receivers have what they are owed, and judges. */
  async settle(sent: readonly Sent[], timeoutMs: number): Promise<Verdict> {
    const debts = Debt.byRoom(sent);
    const debtTo = (client: Client): Debt => debts.get(client.spec.room) ?? new Debt();
    const isServed = (client: Client): boolean =>
      client.check.received >= debtTo(client).messages && this.acksMissing(client) === 0;
    await until(() => this.clients.every(isServed), timeoutMs);
    // What comes twice comes behind what is owed.
    await delay(QUIET_MS);

    const faults = this.clients.map((client): Faults => {
      const { lastOf, refusedOf } = debtTo(client);
      const unacknowledged = Math.abs(this.acksMissing(client));
      return { ...client.check.faults(lastOf, refusedOf), garbled: client.garbled, unacknowledged };
    });
    const ended = this.clients.filter(({ endedBy }) => endedBy !== null);
    return {
      faults: faults.reduce(addFaults, NO_FAULTS),
      ended: ended.length,
      endedBy: ended[0]?.endedBy ?? null,
      latencies: this.tally.latencies.toJSON(),
      lasts: this.tally.lasts(),
    };
  }

  disconnect(): void {
    for (const client of this.clients) client.close();
    this.clients = [];
    this.senders = [];
    this.refusedOf.clear();
  }

  delivered(client: Client, bytes: Buffer, stampAt: number): void {
    // Once for each reading of the network: a clock that is asked a million times a second would be work of its own.
    if (this.now === 0) this.now = nowMicros();
    this.tally.count(dueAt(bytes, stampAt), this.now);
    if (client.isOwn(bytes, stampAt)) client.inFlight -= 1;
  }

  readingDone(client: Client): void {
    this.now = 0;
    if (client.spec.sender !== null) this.pace?.refill(client);
  }

  refused(client: Client, id: string | null): void {
    client.inFlight -= 1;
    this.refusals += 1;
    if (id === null) return;
    const numbers = this.refusedOf.get(client) ?? [];
    numbers.push(this.outbox.numberOf(id));
    this.refusedOf.set(client, numbers);
  }

  private counts(): { at: number; sent: number; refused: number; delivered: number } {
    return {
      at: nowMicros(),
      sent: this.outbox.sent,
      refused: this.refusals,
      delivered: this.tally.delivered,
    };
  }

  /** Below zero where one message was both acknowledged and refused. */
  private acksMissing(client: Client): number {
    if (!client.protocol.acknowledges) return 0;
    return client.lastSent - (this.refusedOf.get(client)?.length ?? 0) - client.acks;
  }
}

async function until(isTrue: () => boolean, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!isTrue() && performance.now() < deadline) await delay(SETTLE_POLL_MS);
}

/** What every receiver of a room is owed. */
class Debt {
  messages = 0;
  readonly lastOf: number[] = [];
  readonly refusedOf = new Map<number, Set<number>>();

  static byRoom(sent: readonly Sent[]): Map<number, Debt> {
    const debts = new Map<number, Debt>();
    for (const { room, sender, last, refused } of sent) {
      const debt = debts.get(room) ?? new Debt();
      debts.set(room, debt);
      debt.lastOf[sender] = last;
      debt.refusedOf.set(sender, new Set(refused));
      debt.messages += last - refused.length;
    }
    return debts;
  }
}
