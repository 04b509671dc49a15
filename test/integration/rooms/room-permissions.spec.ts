import { randomUUID } from 'node:crypto';
import type { MemberRole, Room, RoomVisibility } from '../../../src/protocol/models';
import { type Answer, aPerson, type Person } from '../../support/person';
import { startTestServer, type TestServer } from '../../support/test-server';

const ACTORS = ['stranger', 'member', 'moderator', 'owner', 'admin'] as const;
const ABSENT = 999_999;

/** Each call with what a stranger, a member, a moderator, an owner and an administrator from outside get. */
const TABLE: [call: string, publicRoom: number[], privateRoom: number[]][] = [
  ['read the room', [200, 200, 200, 200, 200], [404, 200, 200, 200, 404]],
  ['change the room', [403, 403, 200, 200, 200], [404, 403, 200, 200, 200]],
  ['archive the room', [403, 403, 403, 204, 204], [404, 403, 403, 204, 204]],
  ['join', [200, 200, 200, 200, 200], [404, 200, 200, 200, 404]],
  ['leave', [204, 204, 204, 204, 204], [404, 204, 204, 204, 404]],
  ['mark as read', [403, 200, 200, 200, 403], [404, 200, 200, 200, 404]],
  ['list the members', [200, 200, 200, 200, 200], [404, 200, 200, 200, 404]],
  ['add a member', [403, 403, 201, 201, 201], [404, 403, 201, 201, 201]],
  ['add a moderator', [403, 403, 403, 201, 201], [404, 403, 403, 201, 201]],
  ['promote a member', [403, 403, 403, 200, 200], [404, 403, 403, 200, 200]],
  ['demote a moderator', [403, 403, 403, 200, 200], [404, 403, 403, 200, 200]],
  ['demote an owner', [403, 403, 403, 200, 200], [404, 403, 403, 200, 200]],
  ['remove a member', [403, 403, 204, 204, 204], [404, 403, 204, 204, 204]],
  ['remove a moderator', [403, 403, 403, 204, 204], [404, 403, 403, 204, 204]],
  ['remove an owner', [403, 403, 403, 204, 204], [404, 403, 403, 204, 204]],
  ['invite', [403, 403, 201, 201, 403], [404, 403, 201, 201, 404]],
  ['list the invites', [403, 403, 200, 200, 403], [404, 403, 200, 200, 404]],
  ['revoke an invite', [403, 403, 204, 204, 403], [404, 403, 204, 204, 404]],
  ['ban a newcomer', [403, 403, 200, 200, 200], [404, 403, 200, 200, 200]],
  ['ban a member', [403, 403, 200, 200, 200], [404, 403, 200, 200, 200]],
  ['ban a moderator', [403, 403, 403, 200, 200], [404, 403, 403, 200, 200]],
  ['ban an owner', [403, 403, 403, 200, 200], [404, 403, 403, 200, 200]],
  ['ban an administrator', [403, 403, 403, 200, 200], [404, 403, 403, 200, 200]],
  ['ban oneself', [403, 403, 403, 403, 403], [404, 403, 403, 403, 403]],
  ['lift a ban', [403, 403, 204, 204, 204], [404, 403, 204, 204, 204]],
  ['mute a member', [403, 403, 200, 200, 200], [404, 403, 200, 200, 200]],
  ['mute a moderator', [403, 403, 403, 200, 200], [404, 403, 403, 200, 200]],
  ['mute an owner', [403, 403, 403, 200, 200], [404, 403, 403, 200, 200]],
  ['mute an administrator', [403, 403, 403, 200, 200], [404, 403, 403, 200, 200]],
  ['mute oneself', [403, 403, 403, 403, 403], [404, 403, 403, 403, 403]],
  ['lift a mute', [403, 403, 204, 204, 204], [404, 403, 204, 204, 204]],
  ['lift one’s own mute', [403, 403, 403, 403, 403], [404, 403, 403, 403, 403]],
];

/** An archived room answers like an absent one, but for these: its members may look at it, its owners archive it again. */
const ARCHIVED: Record<string, number[]> = {
  'read the room': [404, 200, 200, 200, 404],
  'archive the room': [404, 403, 403, 204, 404],
};

describe('Permissions in rooms', () => {
  let server: TestServer;
  let actors: Record<(typeof ACTORS)[number], Person>;
  let others: Record<MemberRole | 'newcomer' | 'administrator', Person>;

  beforeAll(async () => {
    server = await startTestServer();
    const [stranger, member, moderator, owner, admin] = await Promise.all(
      ACTORS.map((name) => aPerson(server, name, name === 'admin' ? 'admin' : 'user')),
    );
    actors = { stranger, member, moderator, owner, admin } as typeof actors;
    others = {
      owner: await aPerson(server, 'other-owner'),
      moderator: await aPerson(server, 'other-moderator'),
      member: await aPerson(server, 'other-member'),
      newcomer: await aPerson(server, 'newcomer'),
      administrator: await aPerson(server, 'administrator', 'admin'),
    };
  });

  afterAll(() => server.stop());

  /** A room with the three actors who belong to it, and another of each role. */
  async function aRoom(visibility: RoomVisibility, isActive = true): Promise<number> {
    const [room] = await server.dataSource.query<{ id: number }[]>(
      `INSERT INTO rooms (name, visibility, is_active, member_count)
       VALUES (gen_random_uuid(), $1, $2, 6) RETURNING id`,
      [visibility, isActive],
    );
    const roles: MemberRole[] = ['owner', 'moderator', 'member'];
    const members = roles.flatMap((role) => [actors[role].id, others[role].id]);
    await server.dataSource.query(
      `INSERT INTO room_members (room_id, user_id, role) SELECT $1, * FROM unnest($2::int[], $3::text[])`,
      [room!.id, members, roles.flatMap((role) => [role, role])],
    );
    return room!.id;
  }

  const calls: Record<string, (actor: Person, roomId: number) => Promise<Answer<unknown>>> = {
    'read the room': (actor, room) => actor.get(`/rooms/${room}`),
    'change the room': (actor, room) => actor.patch(`/rooms/${room}`, { description: 'changed' }),
    'archive the room': (actor, room) => actor.delete(`/rooms/${room}`),
    join: (actor, room) => actor.post(`/rooms/${room}/join`),
    leave: (actor, room) => actor.post(`/rooms/${room}/leave`),
    'mark as read': (actor, room) => actor.put(`/rooms/${room}/read`, { message_id: 1 }),
    'list the members': (actor, room) => actor.get(`/rooms/${room}/members`),
    'add a member': (actor, room) => putRole(actor, room, others.newcomer, 'member'),
    'add a moderator': (actor, room) => putRole(actor, room, others.newcomer, 'moderator'),
    'promote a member': (actor, room) => putRole(actor, room, others.member, 'moderator'),
    'demote a moderator': (actor, room) => putRole(actor, room, others.moderator, 'member'),
    'demote an owner': (actor, room) => putRole(actor, room, others.owner, 'moderator'),
    'remove a member': (actor, room) => remove(actor, room, others.member),
    'remove a moderator': (actor, room) => remove(actor, room, others.moderator),
    'remove an owner': (actor, room) => remove(actor, room, others.owner),
    invite: (actor, room) => actor.post(`/rooms/${room}/invites`, {}),
    'list the invites': (actor, room) => actor.get(`/rooms/${room}/invites`),
    'revoke an invite': (actor, room) => actor.delete(`/rooms/${room}/invites/1`),
    'ban a newcomer': (actor, room) => restrict(actor, room, 'bans', others.newcomer),
    'ban a member': (actor, room) => restrict(actor, room, 'bans', others.member),
    'ban a moderator': (actor, room) => restrict(actor, room, 'bans', others.moderator),
    'ban an owner': (actor, room) => restrict(actor, room, 'bans', others.owner),
    'ban an administrator': (actor, room) => restrict(actor, room, 'bans', others.administrator),
    'ban oneself': (actor, room) => restrict(actor, room, 'bans', actor),
    'lift a ban': (actor, room) => actor.delete(`/rooms/${room}/bans/${others.member.id}`),
    'mute a member': (actor, room) => restrict(actor, room, 'mutes', others.member),
    'mute a moderator': (actor, room) => restrict(actor, room, 'mutes', others.moderator),
    'mute an owner': (actor, room) => restrict(actor, room, 'mutes', others.owner),
    'mute an administrator': (actor, room) => restrict(actor, room, 'mutes', others.administrator),
    'mute oneself': (actor, room) => restrict(actor, room, 'mutes', actor),
    'lift a mute': (actor, room) => actor.delete(`/rooms/${room}/mutes/${others.member.id}`),
    'lift one’s own mute': (actor, room) => actor.delete(`/rooms/${room}/mutes/${actor.id}`),
  };

  function putRole(actor: Person, room: number, target: Person, role: MemberRole) {
    return actor.put(`/rooms/${room}/members/${target.id}`, { role });
  }

  function remove(actor: Person, room: number, target: Person) {
    return actor.delete(`/rooms/${room}/members/${target.id}`);
  }

  function restrict(actor: Person, room: number, kind: 'bans' | 'mutes', target: Person) {
    return actor.put(`/rooms/${room}/${kind}/${target.id}`, {});
  }

  /** What each actor gets for a call, in a room of their own each. */
  async function statuses(call: string, room: () => Promise<number>): Promise<number[]> {
    return Promise.all(ACTORS.map(async (name) => (await calls[call]!(actors[name], await room())).status));
  }

  it('are tried for every call there is', () => {
    expect(TABLE.map(([call]) => call)).toEqual(Object.keys(calls));
  });

  it.each(TABLE)('to %s', async (call, inPublic, inPrivate) => {
    expect(await statuses(call, () => aRoom('public'))).toEqual(inPublic);
    expect(await statuses(call, () => aRoom('private'))).toEqual(inPrivate);
    expect(await statuses(call, () => aRoom('public', false))).toEqual(
      ARCHIVED[call] ?? ACTORS.map(() => 404),
    );
    expect(await statuses(call, () => aRoom('private', false))).toEqual(
      ARCHIVED[call] ?? ACTORS.map(() => 404),
    );
    expect(await statuses(call, async () => ABSENT)).toEqual(ACTORS.map(() => 404));
  });

  it.each(TABLE.map(([call]) => call))(
    'to %s end in a direct room, which only its two know, with reading it',
    async (call) => {
      const { stranger: outsider, member: one, admin } = actors;
      const aPair = async () => {
        const peer = await aPerson(server, randomUUID().slice(0, 30));
        return (await one.post<Room>('/rooms/direct', { user_id: peer.id })).body.id;
      };
      const told = async (actor: Person) => (await calls[call]!(actor, await aPair())).status;

      const allowed = ['read the room', 'join', 'mark as read', 'list the members'].includes(call);
      expect(await told(one)).toBe(allowed ? 200 : 403);
      expect([await told(outsider), await told(admin)]).toEqual([404, 404]);
    },
  );

  it.each(TABLE.map(([call]) => call))('to %s are refused to the banned', async (call) => {
    const told = async (visibility: RoomVisibility) => {
      const room = await aRoom(visibility);
      await server.dataSource.query(
        `INSERT INTO room_restrictions (room_id, user_id, kind) VALUES ($1, $2, 'ban')`,
        [room, actors.stranger.id],
      );
      const { status, body } = await calls[call]!(actors.stranger, room);
      return [status, (body as { code: string }).code];
    };

    expect(await told('public')).toEqual([403, 'banned']);
    expect(await told('private')).toEqual([404, 'room_not_found']);
  });

  it.each(TABLE.map(([call]) => call))(
    'to %s tell a stranger of a private room what they tell of an absent one, to the byte',
    async (call) => {
      const room = await aRoom('private');
      const told = async () => {
        const { status, headers, body } = await calls[call]!(actors.stranger, room);
        const perRequest = ['date', 'x-request-id'];
        return {
          status,
          headers: [...headers].filter(([name]) => !perRequest.includes(name)),
          body: JSON.stringify({ ...(body as object), request_id: '' }),
        };
      };

      const ofPrivate = await told();
      await server.dataSource.query('DELETE FROM rooms WHERE id = $1', [room]);

      expect(ofPrivate).toEqual(await told());
      expect(ofPrivate.body).toContain('room_not_found');
    },
  );
});
