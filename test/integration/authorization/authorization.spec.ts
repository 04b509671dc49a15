import { clientFrames } from '../../../src/docs/client-frames';
import { ERROR_CATALOGUE } from '../../../src/protocol/error-codes';
import { startTestServer, type TestServer } from '../../support/test-server';
import { aTestConfig } from '../../support/test-config';
import { type AccountRow, expectedOf } from './account-row';
import { AccountTrial } from './account-trial';
import { type CallRow, titleOf } from './call-row';
import { tryCall } from './call-trial';
import { LIVING_ACTORS } from './actors';
import { aCast, type Cast } from './cast';
import { gaps } from './completeness';
import { tryDoor } from './door-trial';
import { expectedBehind } from './frame-row';
import { FrameTrial } from './frame-trial';
import { whoHears } from './hearing';
import { MatrixRooms } from './matrix-rooms';
import { expected } from './row';
import { ACCOUNT_CALLS } from './rows/account-calls';
import { DOORS, MANY_ROOMS_DOOR, ROOM_DOOR } from './rows/doors';
import { FRAMES } from './rows/frames';
import { LIST_CALLS } from './rows/list-calls';
import { MEMBER_CALLS } from './rows/member-calls';
import { MESSAGE_CALLS } from './rows/message-calls';
import { MODERATION_CALLS } from './rows/moderation-calls';
import { RESTRICTION_CALLS } from './rows/restriction-calls';
import { ROOM_CALLS } from './rows/room-calls';
import { documentedCalls, servedCalls, servedDoors, servedFrames } from './served';

/*
 * The authorization matrix: every REST call, every door to a socket and every frame of a client, tried by every actor
 * (`actors.ts`) in every kind of room, each time in a fresh room. It shows the answer of each, that a refusal has changed
 * nothing and what is done has been done, and that whoever may not know of a room is told about it what they are told
 * about one that does not exist, to the byte.
 *
 * A new call, door or frame fails the first block until it has a row. To add it, put an object into the fitting list under
 * `rows/`: what is sent, and for each kind of room one word for each actor, as `row.ts` explains. A call that no room
 * decides goes into `rows/account-calls.ts`, a frame into `rows/frames.ts`. Further rows of one call have a `case`.
 *
 * How things change over time (an end of a ban, a mute, a lost right on its way into the log) is tested elsewhere.
 */

/** So many rooms are made here that nobody is to be kept out of them for their number. */
const PLENTY = 1_000_000;

const CALLS: CallRow[] = [
  ...ROOM_CALLS,
  ...MEMBER_CALLS,
  ...RESTRICTION_CALLS,
  ...MESSAGE_CALLS,
  ...MODERATION_CALLS,
  ...LIST_CALLS,
];

let server: TestServer;
let cast: Cast;
let rooms: MatrixRooms;
let accounts: AccountTrial;

beforeAll(async () => {
  const { limits } = aTestConfig();
  server = await startTestServer({
    rateLimitsEnabled: false,
    limits: { ...limits, rooms_joined_max: PLENTY, rooms_created_max: PLENTY, rooms_per_socket_max: PLENTY },
  });
  cast = await aCast(server);
  rooms = new MatrixRooms(server, cast);
  accounts = new AccountTrial(server, cast.actors.admin);
});

afterAll(() => server.stop());

describe('The matrix has a row for every', () => {
  const complete = { withoutRow: [], notServed: [] };
  const rowsOfCalls = [...CALLS, ...ACCOUNT_CALLS].map(({ call }) => call);

  it('call that the server routes', () => {
    expect(gaps(servedCalls(server), rowsOfCalls)).toEqual(complete);
  });

  it('call that the documents tell of', async () => {
    expect(gaps((await documentedCalls(server)).keys(), rowsOfCalls)).toEqual(complete);
  });

  it('door to a socket', async () => {
    const rowsOfDoors = DOORS.map(({ door }) => door);

    expect(gaps(await servedDoors(server), rowsOfDoors)).toEqual(complete);
  });

  it('frame that the server takes', () => {
    const rowsOfFrames = FRAMES.map(({ frame }) => frame);

    expect(gaps(servedFrames(server), rowsOfFrames)).toEqual(complete);
    expect(gaps(Object.keys(clientFrames(server.config.limits)), rowsOfFrames)).toEqual(complete);
  });
});

describe('The documents tell of', () => {
  it('every refusal that somebody gets', async () => {
    const documented = await documentedCalls(server);
    const words = [
      ...CALLS.map((row) => ({ row, words: Object.values(expected(row)).flatMap(Object.values<string>) })),
      ...ACCOUNT_CALLS.map((row) => ({ row, words: Object.values(expectedOf(row)) })),
    ];

    const untold = words.flatMap(({ row: { call }, words }) =>
      words
        .filter((word) => word in ERROR_CATALOGUE && !documented.get(call)?.includes(word))
        .map((code) => `${call}: ${code}`),
    );

    expect([...new Set(untold)]).toEqual([]);
  });
});

describe('A trial', () => {
  const reading = ROOM_CALLS.find(({ call }) => call === 'GET /rooms/{id}')!;

  it('sees what a refused call has changed all the same', async () => {
    const { table } = await tryCall(rooms, cast, {
      ...reading,
      send: async (scene) => {
        await cast.actors.owner.patch(`/rooms/${scene.room.id}`, { description: 'changed' });
        return reading.send(scene);
      },
    });

    expect(table.private).toMatchObject({ stranger: 'room_not_found*', member: '200*' });
    expect(table.direct).toMatchObject({ stranger: 'room_not_found', member: '200' });
  });

  it('sees a header that only an existing room has', async () => {
    const { leaks } = await tryCall(rooms, cast, {
      ...reading,
      send: async (scene) => {
        const answer = await reading.send(scene);
        const headers = new Headers(answer.headers);
        if (scene.room.kind === 'private') headers.set('x-members', '9');
        return { ...answer, headers };
      },
    });

    const outsiders = ['anonymous', 'deactivated', 'stranger', 'removed', 'banned', 'admin'];
    expect(leaks.map(({ kind }) => kind)).toEqual(outsiders.map(() => 'private'));
    expect(leaks.map(({ actor }) => actor)).toEqual(outsiders);
  });
});

describe('Whoever they are, without a room', () => {
  it.each(titled(ACCOUNT_CALLS))('%s', async (_, row: AccountRow) => {
    expect(await accounts.try(row)).toEqual(expectedOf(row));
  });
});

describe('Whoever they are, in whichever room', () => {
  it.each(titled(CALLS))('%s', async (_, row: CallRow) => {
    const { table, leaks } = await tryCall(rooms, cast, row);

    expect(table).toEqual(expected(row));
    expect(leaks).toEqual([]);
  });

  it.each(DOORS.map((row) => [titleOf({ call: row.door, case: row.case }), row] as const))(
    '%s',
    async (_, row) => {
      const { table, leaks } = await tryDoor({ server, rooms, cast }, row);

      expect(table).toEqual(expected(row));
      expect(leaks).toEqual([]);
    },
  );

  it.each(FRAMES.map((row) => [titleOf({ call: row.frame, case: row.case }), row] as const))(
    'the frame %s',
    async (_, row) => {
      const trial = new FrameTrial(server, cast, rooms);
      const many = await trial.amongMany(MANY_ROOMS_DOOR, row);
      const single = await trial.inRoom(ROOM_DOOR, row);

      expect(many.table).toEqual(expectedBehind(MANY_ROOMS_DOOR, row));
      expect(single.table).toEqual(expectedBehind(ROOM_DOOR, row));
      expect([...many.leaks, ...single.leaks]).toEqual([]);
    },
  );
});

describe('What happens in a room', () => {
  it('is heard by those who may read it, have joined it and not lost it, and by nobody else', async () => {
    const everything = [
      'member_updated',
      'message',
      'message_updated',
      'read',
      'room_closed',
      'room_updated',
      'typing',
    ];
    const readers = {
      public: ['stranger', 'member', 'moderator', 'owner', 'admin'],
      private: ['member', 'moderator', 'owner'],
    };

    const heard = await whoHears(server, cast, rooms);

    for (const kind of ['public', 'private'] as const) {
      expect([kind, heard[kind]]).toEqual([
        kind,
        Object.fromEntries(
          LIVING_ACTORS.map((actor) => [actor, readers[kind].includes(actor) ? everything : []]),
        ),
      ]);
    }
    const nothing = Object.fromEntries(LIVING_ACTORS.map((actor) => [actor, [] as string[]]));
    expect(heard.direct).toEqual({ ...nothing, member: ['message', 'message_updated'] });
  });
});

function titled<Row extends { call: string; case?: string }>(rows: Row[]): [string, Row][] {
  return rows.map((row) => [titleOf(row), row]);
}
