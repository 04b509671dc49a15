import type { SearchPage } from '../../../src/protocol/search';
import type { Answer, Person } from '../../support/person';
import { type Actor, comparable, ROOM_KINDS, type RoomKind, RoomStage, type Row } from './room-stage';

const PUBLIC_READ = {
  public: [401, 200, 403, 200, 200, 200, 200],
  private: [401, 404, 404, 200, 200, 200, 404],
};
const NOWHERE = [401, 404, 404, 404, 404, 404, 404];
const ADMINS_ONLY = [401, 403, 403, 403, 403, 403, 200];

/** Calls with what anonymous, a stranger, a banned one, a member, a moderator, an owner and an administrator from outside get. */
const TABLE: [call: string, row: Row][] = [
  ['search the room', { ...PUBLIC_READ, direct: PUBLIC_READ.private, archived: NOWHERE, absent: NOWHERE }],
  [
    'report a message',
    {
      public: [401, 201, 403, 201, 201, 201, 201],
      private: [401, 404, 404, 201, 201, 201, 404],
      direct: [401, 404, 404, 201, 201, 201, 404],
      archived: NOWHERE,
      absent: NOWHERE,
    },
  ],
  ['read the reports', everywhere(ADMINS_ONLY)],
  ['decide a report', everywhere(ADMINS_ONLY)],
  ['read the audit log', everywhere(ADMINS_ONLY)],
];

function everywhere(statuses: number[]): Row {
  return Object.fromEntries(ROOM_KINDS.map((kind) => [kind, statuses])) as Row;
}

let stage: RoomStage;

beforeAll(async () => {
  stage = await RoomStage.build();
});
afterAll(() => stage.server.stop());

const calls: Record<string, (actor: Person, roomId: number) => Promise<Answer<unknown>>> = {
  'search the room': (actor, room) => actor.get(`/search/messages?q=hello&room_id=${room}`),
  'report a message': (actor, room) => actor.post(`/rooms/${room}/messages/1/reports`, { reason: 'spam' }),
  'read the reports': (actor) => actor.get('/reports'),
  'decide a report': async (actor, room) =>
    actor.patch(`/reports/${await aReport(room)}`, { status: 'resolved' }),
  'read the audit log': (actor, room) => actor.get(`/audit?room_id=${room}`),
};

async function aReport(roomId: number): Promise<number> {
  await stage.server.dataSource.query(
    `INSERT INTO messages (room_id, id, seq, user_id, content, created_at) VALUES ($1, 1, 1, 1, 'hello', now())
     ON CONFLICT DO NOTHING`,
    [roomId],
  );
  const [report] = await stage.server.dataSource.query<{ id: number }[]>(
    `INSERT INTO reports (room_id, message_id, reporter_id, reason) VALUES ($1, 1, $2, 'spam')
     ON CONFLICT ON CONSTRAINT reports_once DO UPDATE SET reason = 'spam' RETURNING id`,
    [roomId, stage.author.id],
  );
  return report!.id;
}

describe('Permissions', () => {
  it('are tried for every call there is', () => {
    expect(TABLE.map(([call]) => call)).toEqual(Object.keys(calls));
  });

  it.each(TABLE.flatMap(([call, row]) => ROOM_KINDS.map((kind) => [call, kind, row[kind]] as const)))(
    'to %s, where the room is %s',
    async (call, kind, expected) => {
      expect(await stage.statuses(calls[call]!, kind)).toEqual(expected);
    },
  );

  it.each(['search the room', 'report a message'])(
    'to %s tell a stranger of a private room what they tell of an absent one, to the byte',
    async (call) => {
      const room = await stage.aRoom('private', 'hello');
      const ofPrivate = comparable(await calls[call]!(stage.actors.stranger, room));
      await stage.server.dataSource.query('DELETE FROM rooms WHERE id = $1', [room]);

      expect(ofPrivate).toEqual(comparable(await calls[call]!(stage.actors.stranger, room)));
      expect(ofPrivate).toMatchObject({ status: 404 });
    },
  );
});

describe('A search everywhere', () => {
  const word = 'findable';
  const rooms = {} as Record<RoomKind, number>;

  beforeAll(async () => {
    for (const kind of ROOM_KINDS) rooms[kind] = await stage.aRoom(kind, word);
  });

  async function found(actor: Actor): Promise<RoomKind[]> {
    const { body } = await stage.actors[actor].get<SearchPage>(`/search/messages?q=${word}`);
    const ids = body.results.map(({ message }) => message.room_id);
    return ROOM_KINDS.filter((kind) => ids.includes(rooms[kind]));
  }

  it('finds for each what they may read, and nothing of private rooms of others or of archived ones', async () => {
    const inside = ['public', 'private', 'direct'];
    expect(await found('stranger')).toEqual(['public']);
    expect(await found('banned')).toEqual([]);
    expect(await found('admin')).toEqual(['public']);
    expect(await found('member')).toEqual(inside);
    expect(await found('moderator')).toEqual(inside);
    expect(await found('owner')).toEqual(inside);
  });

  it('asks what one may read now: joined, left, private, archived count at once', async () => {
    const { stranger, owner, admin } = stage.actors;
    expect(await found('stranger')).toEqual(['public']);

    await owner.put(`/rooms/${rooms.private}/members/${stranger.id}`, { role: 'member' });
    expect(await found('stranger')).toEqual(['public', 'private']);

    await owner.delete(`/rooms/${rooms.private}/members/${stranger.id}`);
    expect(await found('stranger')).toEqual(['public']);

    await owner.patch(`/rooms/${rooms.public}`, { visibility: 'private' });
    expect(await found('stranger')).toEqual([]);
    expect(await found('member')).toEqual(['public', 'private', 'direct']);

    await admin.delete(`/rooms/${rooms.public}`);
    expect(await found('member')).toEqual(['private', 'direct']);
  });

  it('finds again what a ban kept away once it is over, and no sooner', async () => {
    const room = await stage.aRoom('public', 'banished');
    const found = async () =>
      (await stage.actors.banned.get<SearchPage>('/search/messages?q=banished')).body.results.length;
    const endBanAt = (end: string) =>
      stage.server.dataSource.query(`UPDATE room_restrictions SET ends_at = ${end} WHERE room_id = $1`, [
        room,
      ]);

    expect(await found()).toBe(0);
    await endBanAt(`now() + interval '1 hour'`);
    expect(await found()).toBe(0);
    await endBanAt(`now() - interval '1 second'`);
    expect(await found()).toBe(1);
  });
});
