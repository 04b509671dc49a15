import type { Message, Room } from '../../../src/protocol/models';
import { ChatSocket, type Frame } from '../../support/chat-socket';
import { aPerson, type Person } from '../../support/person';
import { RoomReplica } from '../../support/room-replica';
import { startTestServer, type TestServer } from '../../support/test-server';
import { oneTo, wholeLog } from '../../support/whole-log';

const COUNT = 1105;
/** As the protocol has it. */
const RESUME_MAX = 1000;

interface Resume {
  after_seq: number;
  epoch?: string;
}

/** The same at both doors: what a client that comes back with a position is told. */
describe.each(['the single-room socket', 'the many-room socket'])('resuming on %s', (door) => {
  let server: TestServer;
  let ada: Person;
  let author: ChatSocket;
  let roomId: number;
  let epoch: string;
  let log: Message[];
  const open: ChatSocket[] = [];

  beforeAll(async () => {
    server = await startTestServer();
    ada = await aPerson(server, 'Ada');
    author = await ChatSocket.open(server, ada);
    const { body: room } = await ada.post<Room>('/rooms', { name: 'Long' });
    roomId = room.id;
    await Promise.all(oneTo(COUNT).map((n) => author.say(`${n}`, { room_id: roomId })));
    log = await wholeLog(ada, roomId);
    const joined = await author.request({ type: 'join', room_id: roomId });
    epoch = joined.data.epoch as string;
  });
  afterEach(() => Promise.all(open.splice(0).map((socket) => socket.close())));
  afterAll(() => server.stop());

  async function resume({ after_seq, epoch }: Resume): Promise<ChatSocket> {
    const isHome = door === 'the single-room socket';
    const query = `?after_seq=${after_seq}${epoch === undefined ? '' : `&epoch=${epoch}`}`;
    const socket = await ChatSocket.open(server, ada, { path: isHome ? `/${roomId}${query}` : '' });
    open.push(socket);
    if (!isHome) {
      await socket.next('welcome');
      socket.send({ type: 'join', room_id: roomId, after_seq, epoch });
    }
    return socket;
  }

  /** Everything about the log that comes before a message sent now. */
  async function answerOf(socket: ChatSocket): Promise<Frame[]> {
    const first = await socket.next(({ type }) => type === 'changes' || type === 'messages_history');
    const marker = await author.say('marker', { room_id: roomId });
    await socket.next(({ data }) => data?.seq === marker.seq);
    log = await wholeLog(ada, roomId);
    const frames = socket.frames.slice(socket.frames.indexOf(first));
    const isOfLog = ({ type }: Frame) =>
      ['changes', 'messages_history', 'message', 'message_updated'].includes(type);
    const last = frames.filter(isOfLog).at(-1);
    expect(last).toMatchObject({ type: 'message', data: { seq: marker.seq } });
    return frames.filter(isOfLog).slice(0, -1);
  }

  const lastSeq = () => log.at(-1)!.seq;

  it('gives one empty page to one who missed nothing', async () => {
    const now = lastSeq();

    const frames = await answerOf(await resume({ after_seq: now, epoch }));

    expect(frames).toEqual([
      { type: 'changes', data: { room_id: roomId, messages: [], last_seq: now, epoch, has_more: false } },
    ]);
  });

  it.each([1, 2, 99, 100, 101, 250, RESUME_MAX])('gives all of %i missed changes', async (missed) => {
    const now = lastSeq();
    const expected = log.slice(-missed);

    const frames = await answerOf(await resume({ after_seq: now - missed }));

    expect(frames.map(({ type }) => type)).toEqual(oneTo(Math.ceil(missed / 100)).map(() => 'changes'));
    expect(frames.flatMap(({ data }) => data.messages as Message[])).toEqual(expected);
    expect(frames.map(({ data }) => data.has_more as boolean)).toEqual(
      frames.map((frame) => frame !== frames.at(-1)),
    );
  });

  it.each([
    [
      '1001 changes are missing',
      () => ({ after_seq: lastSeq() - RESUME_MAX - 1 }),
      () => lastSeq() - RESUME_MAX,
    ],
    ['everything is missing', () => ({ after_seq: 0 }), () => 1],
    ['the position lies beyond the log', () => ({ after_seq: lastSeq() + 1 }), () => 1],
    ['the position lies far beyond the log', () => ({ after_seq: Number.MAX_SAFE_INTEGER }), () => 1],
    ['the position is of another epoch', () => ({ after_seq: lastSeq() - 5, epoch: 'another' }), () => 1],
    ['the last position is of another epoch', () => ({ after_seq: lastSeq(), epoch: 'another' }), () => 1],
  ])('announces the hole and gives the newest page when %s', async (_, position, fromSeq) => {
    const now = lastSeq();
    const gap = { from_seq: fromSeq(), to_seq: now };
    const newest = log.slice(-50);

    const frames = await answerOf(await resume(position()));

    expect(frames).toEqual([
      {
        type: 'messages_history',
        data: {
          room_id: roomId,
          messages: newest,
          has_more: true,
          next_cursor: newest[0]!.id,
          last_seq: now,
          epoch,
          gap,
        },
      },
    ]);
  });

  it('gives a message that was changed again and again once, in its latest state', async () => {
    const before = lastSeq();
    const { id } = await author.say('draft', { room_id: roomId });
    for (const n of oneTo(5)) {
      await author.request({ type: 'edit_message', room_id: roomId, message_id: id, content: `edit ${n}` });
    }

    const frames = await answerOf(await resume({ after_seq: before }));

    expect(frames).toHaveLength(1);
    expect(frames[0]!.data).toMatchObject({
      messages: [{ id, seq: before + 6, content: 'edit 5' }],
      last_seq: before + 6,
      has_more: false,
    });
  });

  it('leaves the client able to go on live from every page', async () => {
    const replica = new RoomReplica(roomId, lastSeq() - 321);
    const socket = await resume({ after_seq: lastSeq() - 321, epoch });
    const said = oneTo(30).map((n) => author.say(`while catching up ${n}`, { room_id: roomId }));
    const { seq } = (await Promise.all(said)).at(-1)!;

    await replica.readTo(socket, seq);

    log = await wholeLog(ada, roomId);
    replica.mustAgreeWith(log);
    expect(replica.position).toBe(seq);
  });
});
