import { setTimeout as delay } from 'node:timers/promises';
import type { SeededRandom } from '../test/support/seeded';
import { Api } from './clients/api';
import { Outsider } from './clients/outsider';
import { Reader } from './clients/reader';
import type { Identity } from './clients/roamer';
import { Writer } from './clients/writer';
import type { Attempt, Evidence, RoomEvidence } from './judge/evidence';
import type { ChaosNode } from './stage/chaos-node';
import type { Cluster } from './stage/cluster';

const POLL_MS = 5;

export interface SceneOptions {
  /** Messages that are acknowledged at least. */
  messages: number;
  /** For each room; they begin on the nodes in turn. */
  writers: number;
  readers: number;
  /** Sends of one writer that may wait for their answers. */
  window: number;
  /** Between an answer and the next send that takes its place. */
  pauseMs: number;
  /** What does not come about by then never will. */
  patienceMs: number;
}

/** Who plays: the owner of all rooms, who writes and reads in them, and somebody who may not. */
export interface Cast {
  owner: Identity;
  members: readonly Identity[];
  stranger: Identity;
}

/** What was killed so far. */
export interface Kills {
  nodes: number;
  databases: number;
  brokers: number;
}

export interface SceneRoom {
  id: number;
  writers: Writer[];
  readers: Reader[];
}

/** One run of one fault: a public and a private room of its own, with people who go on writing and reading in them. */
export class Scene {
  readonly broken: string[] = [];
  readonly kills: Kills = { nodes: 0, databases: 0, brokers: 0 };
  private strokes = 0;
  private recovering: Promise<number> = Promise.resolve(0);

  private constructor(
    readonly cluster: Cluster,
    readonly cast: Cast,
    readonly random: SeededRandom,
    readonly options: SceneOptions,
    readonly rooms: readonly [SceneRoom, SceneRoom],
    private readonly outsiders: readonly Outsider[],
  ) {}

  static async open(
    cluster: Cluster,
    cast: Cast,
    random: SeededRandom,
    options: SceneOptions,
    name: string,
  ): Promise<Scene> {
    const { nodes } = cluster;
    const api = new Api(nodes[0]!);
    const open = async (visibility: 'public' | 'private', writer: Identity): Promise<SceneRoom> => {
      const { id } = await api.createRoom(cast.owner, `${name} ${visibility}`, visibility);
      for (const member of cast.members) await api.addMember(cast.owner, id, member);
      const people = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
      return {
        id,
        writers: people(options.writers).map(
          (n) =>
            new Writer(`w${id}-${n}`, { ...options, nodes, home: n, identity: writer, random, roomId: id }),
        ),
        readers: people(options.readers).map((n) => {
          const identity = cast.members[n % cast.members.length]!;
          return new Reader(`reader ${n}`, { nodes, home: n, identity, random, roomId: id });
        }),
      };
    };
    const rooms = [await open('public', cast.members[0]!), await open('private', cast.members[1]!)] as const;
    const outsiders = nodes.map(
      (_, home) =>
        new Outsider(`the stranger on node ${home + 1}`, {
          nodes,
          home,
          identity: cast.stranger,
          random,
          publicRoomId: rooms[0].id,
          privateRoomId: rooms[1].id,
        }),
    );
    const scene = new Scene(cluster, cast, random, options, [...rooms], outsiders);
    await scene.begin();
    return scene;
  }

  get writers(): Writer[] {
    return this.rooms.flatMap(({ writers }) => writers);
  }

  get readers(): Reader[] {
    return this.rooms.flatMap(({ readers }) => readers);
  }

  get acknowledged(): number {
    return this.writers.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  }

  /** Sendings that were answered, or whose sockets closed. */
  get answered(): number {
    return this.writers.reduce((sum, { sendings }) => sum + sendings.length, 0);
  }

  /** A node by chance, and its place in the cluster. */
  pickNode(): { node: ChaosNode; index: number } {
    const index = this.random.below(this.cluster.nodes.length);
    return { node: this.cluster.nodes[index]!, index };
  }

  /** The fault is there, or over if it is one that lasts: recovery is measured from here. */
  struck(): void {
    const stroke = ++this.strokes;
    this.recovering = this.recover(() => this.strokes === stroke);
  }

  /** Kills a node; resolves when it has ended. */
  kill(node: ChaosNode): Promise<unknown> {
    this.kills.nodes += 1;
    return node.end('SIGKILL');
  }

  /** Ends the database and starts it again. */
  async restartDatabase(how: 'fast' | 'immediate' | 'kill'): Promise<void> {
    this.kills.databases += 1;
    await this.cluster.postgres.stop(how);
    await this.cluster.postgres.start();
  }

  /** Something that the fault promises beyond the invariants. */
  expect(isSo: boolean, what: string): void {
    if (!isSo) this.broken.push(what);
  }

  /** Resolves when so many more messages of `writers` have been acknowledged; of all writers by default. */
  async writes(count: number, writers: readonly Writer[] = this.writers): Promise<void> {
    const sum = (): number => writers.reduce((all, { acknowledged }) => all + acknowledged, 0);
    const enough = sum() + count;
    await this.until(() => sum() >= enough, `${count} more acknowledged messages`);
  }

  /** Resolves as soon as `isSo`; otherwise notes that it was waited for in vain. */
  async until(isSo: () => boolean, what: string): Promise<void> {
    const deadline = performance.now() + this.options.patienceMs;
    while (!isSo()) {
      if (performance.now() > deadline) {
        this.broken.push(`in vain: ${what}`);
        return;
      }
      await delay(POLL_MS);
    }
  }

  /**
   * Resolves with the milliseconds from the last stroke until everybody could write again, and everybody had read what
   * was written since.
   */
  recovery(): Promise<number> {
    return this.recovering;
  }

  /** Lets everybody come to an end, and gives what they wrote down beside what the nodes say. */
  async close(): Promise<Evidence> {
    await this.until(() => this.acknowledged >= this.options.messages, 'enough messages');
    for (const writer of this.writers) writer.finish();
    await this.until(() => this.writers.every(({ unsettled }) => unsettled === 0), 'every fate is known');
    for (const writer of this.writers) writer.giveUp();
    const rooms = await Promise.all(this.rooms.map((room) => this.roomEvidence(room)));
    await this.until(
      () =>
        this.rooms.every(({ readers }, n) => {
          const end = rooms[n]!.histories[0]!.messages.at(-1)?.seq ?? 0;
          return readers.every(({ at }) => at >= end);
        }),
      'every reader is at the end',
    );
    await Promise.all([...this.writers, ...this.readers, ...this.outsiders].map((client) => client.stop()));
    return {
      rooms,
      streams: this.readers.map(({ stream }) => stream),
      sendings: this.writers.flatMap(({ sendings }) => sendings),
      refusals: this.writers.flatMap(({ refusals }) => refusals),
      leaks: this.outsiders.flatMap(({ leaks }) => leaks),
      deaths: this.cluster.deaths.splice(0),
      broken: this.broken,
    };
  }

  private async recover(isWanted: () => boolean): Promise<number> {
    const since = performance.now();
    const haveWritten = (): boolean => this.writers.every(({ lastAckedSentAt }) => lastAckedSentAt > since);
    await this.until(() => !isWanted() || haveWritten(), 'everybody can write again');
    const ends = this.rooms.map(({ writers }) =>
      Math.max(...writers.map(({ lastAckedSeq }) => lastAckedSeq)),
    );
    const haveRead = (): boolean =>
      this.rooms.every(({ readers }, n) => readers.every(({ at }) => at >= ends[n]!));
    await this.until(() => !isWanted() || haveRead(), 'everybody can read again');
    return performance.now() - since;
  }

  private async begin(): Promise<void> {
    for (const client of [...this.readers, ...this.outsiders]) client.start();
    await this.until(() => this.readers.every(({ at }) => at >= 0), 'everybody reads');
    for (const writer of this.writers) writer.start();
    await this.until(() => this.writers.every(({ acknowledged }) => acknowledged > 0), 'everybody writes');
  }

  private async roomEvidence({ id, writers }: SceneRoom): Promise<RoomEvidence> {
    const attempts = new Map<string, Attempt>();
    for (const [name, { content, acks }] of writers.flatMap((writer) => [...writer.attempts])) {
      attempts.set(name, { content, acks: [...(attempts.get(name)?.acks ?? []), ...acks] });
    }
    const histories = [];
    for (const node of this.cluster.nodes) {
      const messages = await new Api(node).history(this.cast.owner, id);
      histories.push({ node: node.name, messages });
    }
    return { roomId: id, attempts, histories };
  }
}
