import { Client } from 'pg';
import type { Announcement } from '../../../src/realtime/broker/announcement';
import { encodeAnnouncement } from '../../../src/realtime/broker/announcement-codec';
import { NodeLink } from '../../../src/realtime/broker/node-link';
import { RoomLog } from '../../../src/realtime/room-log';
import { aMessage } from '../../support/a-message';
import { onPublish } from '../../support/carried-announcements';
import { ChatSocket } from '../../support/chat-socket';
import { aPerson, type Person } from '../../support/person';
import { aRedisConfig } from '../../support/redis-broker';
import { RoomReplica } from '../../support/room-replica';
import { startTestServer, type TestServer } from '../../support/test-server';
import { at, startTwoNodes, type TwoNodes } from '../../support/two-nodes';
import { settled } from '../../support/turns';
import { oneTo, wholeLog } from '../../support/whole-log';

/** A port that nobody listens on. */
const NO_REDIS = aRedisConfig('redis://127.0.0.1:1');

describe('two nodes whose broker gives trouble', () => {
  let nodes: TwoNodes;
  let ada: Person;
  let author: ChatSocket;
  let roomId: number;
  let database: Client;
  let rooms = 0;

  beforeAll(async () => {
    nodes = await startTwoNodes();
    ada = await aPerson(nodes.a, 'Ada');
    author = await ChatSocket.open(nodes.b, ada);
    database = new Client(nodes.a.config.databaseUrl!);
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await nodes.stop();
  });
  beforeEach(async () => {
    const { body } = await ada.post<{ id: number }>('/rooms', { name: `Trouble ${++rooms}` });
    roomId = body.id;
  });
  afterEach(() => jest.restoreAllMocks());

  const say = (content: string) => author.say(content, { room_id: roomId });

  async function aReader(node: TestServer, query = '') {
    const replica = new RoomReplica(roomId);
    const socket = await ChatSocket.open(node, ada, { path: `/${roomId}${query}` });
    await replica.readAnswer(socket);
    return { replica, socket };
  }

  /** One that follows at this moment: what is said now reaches it at once. */
  async function aFollower(node: TestServer) {
    const reader = await aReader(node);
    await reader.replica.readTo(reader.socket, (await say('first')).seq);
    return reader;
  }

  async function mustFollowTo(seq: number, { replica, socket }: Awaited<ReturnType<typeof aReader>>) {
    await replica.readTo(socket, seq);
    replica.mustAgreeWith(await wholeLog(ada, roomId));
    await socket.close();
  }

  it('bring what is said to the other’s readers although nothing is announced', async () => {
    const reader = await aFollower(nodes.a);
    onPublish(nodes.b, () => undefined);

    await say('unheard');
    const { seq } = await say('of');

    await mustFollowTo(seq, reader);
  });

  it('go on when what they listen through is cut, again and again', async () => {
    const reader = await aFollower(nodes.a);
    let last = 0;

    for (const round of oneTo(5)) {
      await database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND query LIKE 'LISTEN %'`,
      );
      for (const n of oneTo(3)) last = (await say(`${round}: ${n}`)).seq;
    }

    await mustFollowTo(last, reader);
  });

  it('take no harm from what strangers announce', async () => {
    const reader = await aFollower(nodes.a);
    const dropped = async () => {
      const text = await (await fetch(`${nodes.a.url}/metrics`)).text();
      return Number(/^chat_announcements_dropped_total (\d+)$/m.exec(text)![1]);
    };
    const before = await dropped();
    const { seq } = await say('true');
    await reader.replica.readTo(reader.socket, seq);
    const forged = (at: number): Announcement => ({
      type: 'changes',
      room_id: roomId,
      changes: [
        { type: 'message', message: aMessage({ id: at, seq: at, room_id: roomId, content: 'forged' }) },
      ],
    });
    const looks = jest.spyOn(nodes.a.app.get(RoomLog), 'changesAfter');
    const hostile = [
      '{"v":1,"from":"x","type":"changes","room_id":1,"changes":[]}',
      '{"v":99,"from":"x","type":"bye"}',
      encodeAnnouncement('stranger', forged(seq)),
      encodeAnnouncement('stranger', forged(seq + 2)),
      encodeAnnouncement('stranger', forged(seq + 1_000_000)),
      encodeAnnouncement('stranger', forged(Number.MAX_SAFE_INTEGER)),
      ...oneTo(3).map(() =>
        encodeAnnouncement('stranger', { type: 'advanced', room_id: roomId, last_seq: 2 ** 50 }),
      ),
      'garbage',
    ];

    for (const payload of hostile) {
      await database.query('SELECT pg_notify($1, $2)', [`chat_room_${roomId}`, payload]);
    }
    // The last of them has been heard. Until the log has been asked, what they say is believed.
    for (let heard = before; heard < before + 3; heard = await dropped());
    for (let ended = 0; ended < looks.mock.calls.length;) {
      ended = looks.mock.calls.length;
      await Promise.all(looks.mock.results.map(({ value }) => value as Promise<unknown>));
      await settled();
    }
    expect(nodes.a.app.get(NodeLink).peerIds).toContain('stranger');
    expect(await dropped()).toBe(before + 3);
    for (const n of oneTo(3)) await say(`still true ${n}`);

    await mustFollowTo((await say('the end')).seq, reader);
    expect(JSON.stringify(reader.socket.frames)).not.toContain('forged');
  });

  it('take somebody in who knows more than the node has heard of, and somebody who knows nothing', async () => {
    const old = await aFollower(nodes.a);
    for (const node of [nodes.a, nodes.b]) onPublish(node, () => undefined);
    const { seq } = await say('unheard of');

    const resuming = new RoomReplica(roomId, seq);
    const socket = await ChatSocket.open(nodes.a, ada, {
      path: `/${roomId}?after_seq=${seq}&epoch=${old.replica.epoch}`,
    });
    await resuming.readAnswer(socket);
    const fresh = await aReader(nodes.a);
    const { seq: last } = await say('the end');

    for (const reader of [old, fresh, { replica: resuming, socket }]) await mustFollowTo(last, reader);
    expect(resuming.gap).toBeUndefined();
  });

  it('leave nothing out for one who joins while the other node commits', async () => {
    let last = 0;
    const saying = (async () => {
      for (const n of oneTo(60)) last = (await say(`${n}`)).seq;
    })();

    const readers = [];
    for (const _ of oneTo(12)) readers.push(await aReader(nodes.a));
    await saying;

    for (const reader of readers) await mustFollowTo(last, reader);
  });

  it('acknowledge and announce once what both are sent at once under one name', async () => {
    const readers = [await aReader(nodes.a), await aReader(nodes.b)];
    const draft = { content: 'twice', client_msg_id: 'x' };

    const answers = await Promise.all(
      [nodes.a, nodes.b].map((node) =>
        at(node, ada).post<{ seq: number }>(`/rooms/${roomId}/messages`, draft),
      ),
    );

    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 201]);
    const { seq } = await say('next');
    expect(answers.map(({ body }) => body.seq)).toEqual([seq - 1, seq - 1]);
    for (const reader of readers) await mustFollowTo(seq, reader);
  });

  it('say that they are degraded without a broker, and carry everything all the same', async () => {
    const start = () => startTestServer({ databaseUrl: nodes.a.config.databaseUrl, redis: NO_REDIS });
    const [c, d] = await Promise.all([start(), start()]);
    const reader = await aReader(c);

    const health = await fetch(`${c.url}/health/ready`);
    const { body } = await at(d, ada).post<{ seq: number }>(`/rooms/${roomId}/messages`, {
      content: 'hello',
    });

    expect(health.status).toBe(200);
    await expect(health.json()).resolves.toMatchObject({ status: 'degraded', broker: 'down' });
    await mustFollowTo(body.seq, reader);
    await Promise.all([c.stop(), d.stop()]);
  });

  it('begin anew when the log has another life: their readers come back, and are told what they cannot know', async () => {
    const reader = await aFollower(nodes.a);
    await database.query(`UPDATE log_epoch SET epoch = 'another life'`);

    expect((await reader.socket.closed).code).toBe(1012);
    const back = await aReader(
      nodes.a,
      `?after_seq=${reader.replica.position}&epoch=${reader.replica.epoch}`,
    );

    expect(back.replica.gap).toEqual({ from_seq: 1, to_seq: back.replica.position });
    expect(back.replica.epoch).toBe('another life');
    await mustFollowTo((await say('in another life')).seq, back);
  });
});
