import { Client } from 'pg';
import type { RoomPage } from '../../../src/protocol/models';
import { aPerson, type Person } from '../../support/person';
import { Plans, rowsReadOf, scansOf } from '../../support/plans';
import { nodesOf, StatementRecorder } from '../../support/statement-recorder';
import { startTestServer, type TestServer } from '../../support/test-server';

const ROOMS = 20_000;
const NAMES = [
  'Комната отдыха',
  '会议室',
  'İstanbul',
  "Bob's",
  'back\\slash',
  'a & b | !c:*',
  '100%',
  'x_y',
  '🎉🎈',
  'Q',
];

let recorder: StatementRecorder;
let server: TestServer;
let ada: Person;
let analyst: Client;

beforeAll(async () => {
  recorder = new StatementRecorder();
  server = await startTestServer();
  ada = await aPerson(server, 'Ada');
  analyst = new Client(server.config.databaseUrl!);
  await analyst.connect();
  await analyst.query(`INSERT INTO rooms (name) SELECT 'Room ' || n FROM generate_series(1, $1::int) n`, [
    ROOMS,
  ]);
  await analyst.query(`INSERT INTO rooms (name) SELECT unnest($1::text[])`, [NAMES]);
  await analyst.query('ANALYZE rooms');
});
afterAll(async () => {
  await analyst.end();
  await server.stop();
  jest.restoreAllMocks();
});

const search = async (text: string, more = '') =>
  (await ada.get<RoomPage>(`/rooms?search=${encodeURIComponent(text)}${more}`)).body;

const namesOf = ({ rooms }: RoomPage) => rooms.map(({ name }) => name);

describe('A search for rooms', () => {
  it.each([
    ...[
      'комн',
      'ОТД',
      '议',
      '议室',
      '会议室',
      'istan',
      'İ',
      "'",
      "b's",
      '\\',
      'k\\s',
      '& b',
      '|',
      ':*',
      '!c:',
    ],
    ...['0%', '%', '_', 'x_', '🎈', 'q', 'room 19999', 'oom 77', '12', '9', 'no such room'],
  ])('for %j finds what has it in its name, whatever the case', async (text) => {
    const { rows } = await analyst.query<{ name: string }>(
      `SELECT name FROM rooms WHERE position(lower($1) IN lower(name)) > 0 ORDER BY id LIMIT 50`,
      [text],
    );

    expect(namesOf(await search(text))).toEqual(rows.map(({ name }) => name));
  });

  it.each([
    ['a rare name', 'room 19999', 20],
    ['two letters', '议室', 20],
    ['one letter', 'q', 20],
    ['what is in no name', 'no such room', 20],
    ['what all have', 'room', 100],
  ])('for %s looks at hardly more rooms than it finds', async (_, text, rowsMax) => {
    const statements = await recorder.during(() => search(text), 'FROM rooms');

    expect(statements).toHaveLength(1);
    const plan = await new Plans(analyst).measured(statements[0]!);
    const nodes = scansOf(plan, 'rooms').map((node) => node['Node Type']);
    expect(nodes.filter((type) => type.endsWith('Seq Scan'))).toEqual([]);
    expect(rowsReadOf(plan, 'rooms')).toBeLessThanOrEqual(rowsMax);
    if (rowsMax < 50) expect(nodesOf(plan).map((node) => node['Index Name'])).toContain('rooms_name_search');
  });

  it('finds direct rooms by the other’s name, in their place among the others, page by page', async () => {
    const kim = await aPerson(server, 'findable-kim');
    const lee = await aPerson(server, 'findable-lee');
    const make = async (name: string) => (await ada.post<{ id: number }>('/rooms', { name })).body.id;
    const direct = async (a: Person, b: Person) =>
      (await a.post<{ id: number }>('/rooms/direct', { user_id: b.id })).body.id;
    const ids = [await make('FINDABLE 1'), await direct(ada, kim), await make('findable 2')];
    await direct(kim, lee);
    ids.push(await direct(ada, lee), await make('findable 3'));

    const first = await search('findable', '&limit=2');
    const second = await search('findable', `&limit=2&cursor=${first.next_cursor}`);
    const third = await search('findable', `&limit=2&cursor=${second.next_cursor}`);

    expect([first, second, third].map(({ rooms }) => rooms.map(({ id }) => id))).toEqual([
      ids.slice(0, 2),
      ids.slice(2, 4),
      ids.slice(4),
    ]);
    expect(third.next_cursor).toBeNull();
  });
});
