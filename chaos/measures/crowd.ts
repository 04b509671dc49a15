import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { JwtService } from '@nestjs/jwt';
import { TOKEN_ALGORITHM, TOKEN_AUDIENCE, TOKEN_ISSUER } from '../../src/auth/access-token.service';
import { Api } from '../clients/api';
import { Reader } from '../clients/reader';
import type { Identity } from '../clients/roamer';
import { Writer } from '../clients/writer';
import { judge } from '../judge/judge';
import { type Cluster, JWT_SECRET } from '../stage/cluster';
import type { Measured, MeasureOptions } from './measure';

const POLL_MS = 10;
const ANSWER_WITHIN_MS = 10_000;

export interface CrowdOptions {
  /** On which node a reader begins. */
  homeOf: (reader: number) => number;
  /** Whether readers come back when they are told to. */
  isPatient: boolean;
  /** Where the writer begins. */
  writerHome: number;
  /** Between two messages. */
  pauseMs: number;
}

/** Many people, each with an account and a session of their own, who read one room in which one person writes. */
export class Crowd {
  /** What was to come about and did not, or not as it should have. */
  readonly broken: string[] = [];

  private constructor(
    private readonly options: MeasureOptions,
    private readonly roomId: number,
    readonly readers: readonly Reader[],
    readonly writer: Writer,
  ) {}

  /** Resolves when everybody reads. */
  static async gather(options: MeasureOptions, crowd: CrowdOptions): Promise<Crowd> {
    const { cluster, cast, random, clients } = options;
    const { nodes } = cluster;
    const api = new Api(nodes[0]!);
    const { id: roomId } = await api.createRoom(
      cast.owner,
      `Crowd ${randomBytes(4).toString('hex')}`,
      'public',
    );
    const people = await register(cluster, clients);
    const readers = people.map((identity, n) => {
      const { isPatient, homeOf } = crowd;
      return new Reader(`reader ${n}`, { nodes, home: homeOf(n), identity, random, isPatient, roomId });
    });
    const { writerHome: home, pauseMs } = crowd;
    const identity = cast.members[0]!;
    const writing = { nodes, home, identity, random, roomId, window: 1, pauseMs };
    const gathered = new Crowd(options, roomId, readers, new Writer(`writer-${roomId}`, writing));
    for (const reader of readers) reader.start();
    await gathered.every('has begun to read', ({ at }) => at >= 0);
    return gathered;
  }

  /** Resolves when it is so of every reader; that some never come so far is a broken promise. */
  every(deed: string, isSo: (reader: Reader) => boolean): Promise<void> {
    const others = () => this.readers.filter((reader) => !isSo(reader));
    return this.until(
      () => this.readers.every(isSo),
      () => `not every reader ${deed}: ${others().length} of ${this.readers.length} lack it`,
    );
  }

  /** Resolves when it is so, or patience ends. */
  async until(isSo: () => boolean, complaint: () => string): Promise<void> {
    const deadline = performance.now() + this.options.patienceMs;
    while (!isSo()) {
      if (performance.now() > deadline) {
        this.broken.push(complaint());
        return;
      }
      await delay(POLL_MS);
    }
  }

  /** Resolves when everybody has read something that was written after this call. */
  async readsAgain(): Promise<void> {
    const since = performance.now();
    await this.until(
      () => this.writer.lastAckedSentAt > since,
      () => 'nothing more was acknowledged',
    );
    const seq = this.writer.lastAckedSeq;
    await this.every(`has read up to ${seq}`, ({ at }) => at >= seq);
  }

  /** Ends the writing, lets everybody read to the end, and judges. */
  async close(): Promise<Omit<Measured, 'figures'>> {
    this.writer.finish();
    await this.until(
      () => this.writer.unsettled === 0,
      () => `${this.writer.unsettled} messages were never answered`,
    );
    this.writer.giveUp();
    const { cluster, cast } = this.options;
    const histories = [];
    for (const node of cluster.nodes)
      histories.push({ node: node.name, messages: await new Api(node).history(cast.owner, this.roomId) });
    const total = histories[0]!.messages.length;
    await this.every('has read to the end', ({ at }) => at >= total);
    await Promise.all([this.writer, ...this.readers].map((client) => client.stop()));

    const { attempts, sendings, refusals } = this.writer;
    const violations = judge(
      {
        rooms: [{ roomId: this.roomId, attempts, histories }],
        streams: this.readers.map(({ stream }) => stream),
        sendings,
        refusals,
        leaks: [],
        deaths: cluster.deaths.splice(0),
        broken: this.broken,
      },
      ANSWER_WITHIN_MS,
    );
    const read = this.readers.reduce((sum, { at }) => sum + Math.max(0, at), 0);
    return { violations, delivered: read / (total * this.readers.length) };
  }
}

/** Accounts with living sessions, put into the database without the cost of their passwords. */
async function register(cluster: Cluster, count: number): Promise<Identity[]> {
  const jwt = new JwtService({
    secret: JWT_SECRET,
    signOptions: {
      algorithm: TOKEN_ALGORITHM,
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
      expiresIn: '1d',
    },
  });
  const session = await cluster.database();
  const { rows } = await session.query<{ user_id: number; username: string; sid: string }>(
    `WITH people AS (
       INSERT INTO users (username, email, password_hash)
       SELECT $1 || n, $1 || n || '@example.com', 'none' FROM generate_series(1, $2) AS n
       RETURNING id, username
     ), opened AS (
       INSERT INTO sessions (id, user_id, expires_at)
       SELECT gen_random_uuid(), id, now() + interval '1 day' FROM people RETURNING id, user_id)
     SELECT user_id, username, opened.id AS sid FROM opened JOIN people ON people.id = user_id`,
    [`crowd-${randomBytes(3).toString('hex')}-`, count],
  );
  await session.end();
  return rows.map(({ user_id: userId, username, sid }) => ({
    userId,
    username,
    token: jwt.sign({ sub: String(userId), sid, role: 'user' }),
  }));
}
