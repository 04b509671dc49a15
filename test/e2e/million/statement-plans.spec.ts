import { Client } from 'pg';
import type { RoomPage } from '../../../src/protocol/models';
import { SearchIndexing } from '../../../src/search/search-indexing';
import { searchStatement, type SearchFilter } from '../../../src/search/search.repository';
import { ChatSocket } from '../../support/chat-socket';
import { aPerson, type Person } from '../../support/person';
import { blocksRead, messageIndexesOf, Plans, rowsReadOf, scansOf } from '../../support/plans';
import { nodesOf, StatementRecorder } from '../../support/statement-recorder';
import { startTestServer, type TestServer } from '../../support/test-server';
import {
  BUSY_ROOM,
  fillWithAMillionMessages,
  KNOWN_TO_STATISTICS,
  QUIET_ROOM,
  ROOMS,
} from './million-messages';

const FILL_TIMEOUT_MS = 120_000;

let recorder: StatementRecorder;
let server: TestServer;
let ada: Person;
let socket: ChatSocket;
let analyst: Client;
let plans: Plans;

beforeAll(async () => {
  recorder = new StatementRecorder();
  server = await startTestServer();
  ada = await aPerson(server, 'Ada');
  analyst = new Client(server.config.databaseUrl!);
  await analyst.connect();
  plans = new Plans(analyst);
  const indexing = server.app.get(SearchIndexing, { strict: false });
  await fillWithAMillionMessages(analyst, ada.id, () => indexing.workOff());
  socket = await ChatSocket.open(server, ada);
}, FILL_TIMEOUT_MS);
afterAll(async () => {
  await analyst.end();
  await server.stop();
  jest.restoreAllMocks();
});

describe.each([
  ['a busy room', BUSY_ROOM],
  ['a quiet room, all others having newer messages', QUIET_ROOM],
])('among a million messages, in %s,', (_, roomId) => {
  beforeAll(() => socket.say('hello', { room_id: roomId }));

  const messages = (query: string) => () => ada.get(`/rooms/${roomId}/messages${query}`);
  const changes = (query: string) => () => ada.get(`/rooms/${roomId}/changes?${query}`);
  const send = (more: object) => () => socket.say('hello', { room_id: roomId, ...more });
  const change = (frame: object) => () => socket.request({ room_id: roomId, message_id: 900, ...frame });

  it.each([
    ['the newest page', messages(''), 51, 'messages_pkey'],
    ['the page before a message', messages('?cursor=500&limit=100'), 101, 'messages_pkey'],
    ['the page after a message', messages('?after=500&limit=100'), 101, 'messages_pkey'],
    ['the page after all', messages('?after=9000000'), 1, 'messages_pkey'],
    ['the page around a message', messages('?around=500'), 51, 'messages_pkey'],
    ['what changed', changes('after_seq=500'), 101, 'messages_seq_key'],
    ['what changed since the beginning', changes('after_seq=0'), 101, 'messages_seq_key'],
    ['what changed after all', changes('after_seq=9000000'), 1, 'messages_seq_key'],
    ['a join', () => socket.request({ type: 'join', room_id: roomId }), 51, 'messages_pkey'],
    ['one message', messages('/500'), 1, 'messages_pkey'],
  ])(
    'reading %s takes no more rows than it gives, in order, by an index',
    async (_name, act, rowsMax, index) => {
      const statements = await recorder.during(act, 'messages m');

      expect(statements.length).toBeGreaterThan(0);
      for (const statement of statements) {
        for (const plan of [await plans.generic(statement), await plans.own(statement)]) {
          expect(messageIndexesOf(plan)).toEqual(new Set([index]));
        }
        const measured = await plans.measured(statement);
        expect(rowsReadOf(measured, 'messages')).toBeLessThanOrEqual(rowsMax);
        expect(rowsReadOf(measured, 'rooms')).toBeLessThanOrEqual(1);
        expect(blocksRead(measured)).toBeLessThan(60 + 5 * rowsMax);
      }
    },
  );

  it('reading a thread takes the message and its replies, by their index', async () => {
    const [statement] = await recorder.during(messages('?thread=490'), 'messages m');

    const measured = await plans.measured(statement!);
    expect(messageIndexesOf(measured)).toEqual(new Set(['messages_pkey', 'messages_replies']));
    expect(rowsReadOf(measured, 'messages')).toBe(2);
  });

  it.each([
    ['sending', send({}), null],
    ['sending under a new name', send({ client_msg_id: 'new' }), null],
    ['sending again under a stored name', send({ client_msg_id: 'name 30' }), 'messages_client_msg_id_key'],
    ['answering', send({ reply_to_id: 500 }), 'messages_pkey'],
    ['editing', change({ type: 'edit_message', content: 'edited' }), 'messages_pkey'],
    ['reacting', change({ type: 'add_reaction', emoji: '👍' }), 'messages_pkey'],
    ['deleting', change({ type: 'delete_message' }), 'messages_pkey'],
  ])('%s finds every row by an index', async (_name, act, index) => {
    const statements = await recorder.during(act, 'messages');

    const used = new Set<string | undefined>([undefined]);
    for (const statement of statements) {
      for (const plan of [await plans.generic(statement), await plans.own(statement)]) {
        for (const name of messageIndexesOf(plan)) used.add(name);
      }
    }
    expect(statements.length).toBeGreaterThan(0);
    expect(used).toContain(index ?? undefined);
  });
});

describe('among a million messages, of which the statistics do not know the latest,', () => {
  it.each([
    ['what changed', `/changes?after_seq=${KNOWN_TO_STATISTICS}&limit=100`],
    ['the page after a message', `/messages?after=${KNOWN_TO_STATISTICS}&limit=100`],
    ['the newest page', '/messages?limit=100'],
  ])('reading %s takes no more rows than it gives', async (_, path) => {
    const read = () => ada.get(`/rooms/${BUSY_ROOM}${path}`);

    const [statement] = await recorder.during(read, 'messages m');

    const rows = rowsReadOf(await plans.measured(statement!), 'messages');
    expect(rows).toBe(101);
  });
});

describe('among a million messages, a search', () => {
  const search = (filter: Partial<SearchFilter>) =>
    plans.measured(searchStatement({ text: 'seldom', readerId: ada.id, limit: 20, ...filter }));
  /** Messages of a stretch, here. */
  const STRETCH = 35;

  it.each<[string, Partial<SearchFilter>, number]>([
    ['for a rare word', {}, 20],
    ['for the beginning of a word', { text: 'seldo' }, 20],
    ['for a rare word among common ones', { text: 'common word1 seldom' }, 20],
    ['in a quiet room', { roomId: QUIET_ROOM }, 1],
    ['in a busy room', { roomId: BUSY_ROOM }, 20],
    ['of one author, who has not said it', { authorId: 2 }, 250],
    ['for a common word of somebody who has said nothing', { text: 'common', authorId: 1_000_000 }, 0],
    ['before a time', { before: { time: '2026-01-02T00:12:00.000Z', roomId: 1, messageId: 1 } }, 100],
  ])('%s looks at the messages of few stretches, found by an index', async (_, filter, stretches) => {
    const plan = await search(filter);

    for (const table of ['search_stretches', 'messages']) {
      expect(scansOf(plan, table).map((node) => node['Node Type'])).not.toContain('Seq Scan');
    }
    // Twice: until there are enough, and once more for what others said at the same time.
    expect(rowsReadOf(plan, 'messages')).toBeLessThanOrEqual(2 * stretches * STRETCH + 20);
  });

  it.each<[string, Partial<SearchFilter>]>([
    ['of all', {}],
    ['of a quiet room', { roomId: QUIET_ROOM }],
    ['of a busy room', { roomId: BUSY_ROOM }],
  ])('for a common word looks at the newest messages %s', async (_, filter) => {
    const plan = await search({ text: 'common', ...filter });

    expect(scansOf(plan, 'messages').map((node) => node['Node Type'])).not.toContain('Seq Scan');
    expect(rowsReadOf(plan, 'messages')).toBeLessThanOrEqual(4 * STRETCH);
  });
});

describe('among a million messages, in a thousand rooms of one user,', () => {
  it('what is unread is told of all of them without reading a message that it does not tell of', async () => {
    const list = () => ada.get<RoomPage>('/rooms?joined=true&limit=100');
    const { body } = await list();
    expect(body).toMatchObject({ has_more: true });
    expect(body.rooms).toHaveLength(100);

    for (const statement of await recorder.during(list, 'rooms')) {
      const plan = await plans.measured(statement);
      for (const node of scansOf(plan, 'messages')) expect(node['Index Cond']).toContain('room_id');
      for (const node of scansOf(plan, 'room_members')) expect(node['Index Cond']).toContain('user_id');
      expect(rowsReadOf(plan, 'room_members')).toBeLessThanOrEqual(ROOMS + 1);
      expect(rowsReadOf(plan, 'messages')).toBeLessThanOrEqual(ROOMS);
      expect(blocksRead(plan)).toBeLessThan(10 * ROOMS);
    }
  });

  it('a reading mark is moved by the keys of its rows', async () => {
    const move = () => ada.put(`/rooms/${QUIET_ROOM}/read`, { message_id: 800 });

    const statements = await recorder.during(move, 'room_members');

    expect(statements.length).toBeGreaterThan(0);
    for (const statement of statements) {
      const plan = await plans.generic(statement);
      expect(nodesOf(plan).map((node) => node['Node Type'])).not.toContain('Seq Scan');
    }
  });
});
