import { randomUUID } from 'node:crypto';
import { CloseCode } from '../../src/protocol/close-codes';
import { ConnectionRegistry } from '../../src/realtime/connection-registry';
import { aPerson } from '../support/person';
import { AccountClient, PASSWORD } from '../support/account-client';
import { startTestServer, type TestServer } from '../support/test-server';

let server: TestServer;
let client: AccountClient;

beforeAll(async () => {
  server = await startTestServer();
  client = new AccountClient(server);
});
afterAll(() => server.stop());

function remove(token: string, password = PASSWORD) {
  return client.call('DELETE', '/users/me', { token, json: { password } });
}

describe('DELETE /users/me', () => {
  it('empties the account, ends its sessions and sockets, and hides it from everybody', async () => {
    const closeUser = jest.spyOn(server.app.get(ConnectionRegistry, { strict: false }), 'closeUser');
    const ada = await client.register('ada');
    const laptop = await client.login('ada');
    const { access_token: watcher } = await client.register('ben');

    const answer = await remove(ada.access_token);

    expect(answer).toMatchObject({ status: 204, body: null });
    for (const { access_token, refresh_token } of [ada, laptop]) {
      expect(await client.statusOf(access_token)).toBe('session_revoked');
      expect((await client.refresh(refresh_token)).status).toBe(401);
    }
    await expect(client.login('ada')).rejects.toThrow('invalid_credentials');
    await expect(client.login('ada@example.org')).rejects.toThrow('invalid_credentials');
    const closed = [ada.user.id, CloseCode.Unauthorized, expect.any(String), undefined];
    // Before its rooms are left, and once more for whoever came meanwhile.
    expect(closeUser.mock.calls).toEqual([closed, closed]);
    expect(await client.call('GET', `/users/${ada.user.id}`, { token: watcher })).toMatchObject({
      status: 404,
      body: { code: 'user_not_found' },
    });
    expect((await client.call('GET', '/users/search?q=ada', { token: watcher })).body).toEqual([]);
  });

  it('keeps nothing of the person in the row', async () => {
    const { user, access_token: token } = await client.register('cleo');
    await client.call('PATCH', '/users/me', {
      token,
      json: { display_name: 'Cleo', bio: 'Queen', avatar_url: 'https://example.org/c.png' },
    });

    await remove(token);

    const [row] = await server.dataSource.query<[object]>(`SELECT * FROM users WHERE id = $1`, [user.id]);
    expect(row).toEqual({
      id: user.id,
      username: null,
      email: null,
      password_hash: null,
      role: 'user',
      is_active: false,
      display_name: null,
      bio: null,
      avatar_url: null,
      created_at: expect.any(Date),
      updated_at: expect.any(Date),
      deleted_at: expect.any(Date),
    });
  });

  it('gives the names free', async () => {
    const { access_token } = await client.register('dora');
    await remove(access_token);

    await expect(client.register('dora')).resolves.toMatchObject({ user: { username: 'dora' } });
  });

  it('takes the user out of all rooms and counts them down', async () => {
    const { user, access_token } = await client.register('emil');
    const { user: other } = await client.register('fred');
    const rooms = await server.dataSource.query<{ id: number }[]>(
      `INSERT INTO rooms (name, member_count) VALUES ('one', 2), ('two', 1), ('not theirs', 1) RETURNING id`,
    );
    const [one, two, third] = rooms.map((room) => room.id);
    await server.dataSource.query(
      `INSERT INTO room_members (room_id, user_id) VALUES ($1, $4), ($1, $5), ($2, $4), ($3, $5)`,
      [one, two, third, user.id, other.id],
    );

    await remove(access_token);

    const counts = await server.dataSource.query<object[]>(
      `SELECT r.id, r.member_count, count(m.user_id) AS members
         FROM rooms r LEFT JOIN room_members m ON m.room_id = r.id
        WHERE r.id = ANY ($1) GROUP BY r.id ORDER BY r.id`,
      [[one, two, third]],
    );
    expect(counts).toEqual([
      { id: one, member_count: 1, members: 1 },
      { id: two, member_count: 0, members: 0 },
      { id: third, member_count: 1, members: 1 },
    ]);
  });

  describe('hands on a room that would have no owner', () => {
    /** A room of a new owner, who goes; the members' roles, of the latest first, with a `!` for a deactivated account. */
    async function whenOwnerGoes(visibility: string, roles: string[]) {
      const owner = await client.register(`o${randomUUID().slice(0, 8)}`);
      const [room] = await server.dataSource.query<{ id: number }[]>(
        `INSERT INTO rooms (name, visibility, member_count) VALUES (gen_random_uuid(), $1, $2) RETURNING id`,
        [visibility, roles.length + 1],
      );
      const join = `INSERT INTO room_members (room_id, user_id, role, joined_at)
        VALUES ($1, $2, $3, now() + $4 * interval '1 s')`;
      await server.dataSource.query(join, [room!.id, owner.user.id, 'owner', 0]);
      const members: { id: number; username: string }[] = [];
      for (const [index, role] of roles.entries()) {
        const person = await aPerson(server, `m${randomUUID().slice(0, 8)}`);
        members.unshift(person);
        // Whoever has the lower id came later, so that only the time of joining tells who was first.
        await server.dataSource.query(join, [
          room!.id,
          person.id,
          role.replace('!', ''),
          roles.length - index,
        ]);
        if (role.endsWith('!')) {
          await server.dataSource.query(`UPDATE users SET is_active = false WHERE id = $1`, [person.id]);
        }
      }
      expect(await remove(owner.access_token)).toMatchObject({ status: 204 });
      const owners = await server.dataSource.query<{ user_id: number }[]>(
        `SELECT user_id FROM room_members WHERE room_id = $1 AND role = 'owner'`,
        [room!.id],
      );
      const events = await server.dataSource.query<{ event: object; user_id: number }[]>(
        `SELECT event, user_id FROM messages WHERE room_id = $1 ORDER BY seq`,
        [room!.id],
      );
      const [state] = await server.dataSource.query<object[]>(
        `SELECT is_active, member_count, last_seq, last_message_id FROM rooms WHERE id = $1`,
        [room!.id],
      );
      // By the order of joining.
      const heirs = owners.map(({ user_id }) => members.findIndex(({ id }) => id === user_id));
      return { ownerId: owner.user.id, heirs, members, events, state };
    }

    it.each([
      ['to the longest-serving moderator', ['moderator', 'moderator', 'member'], 1],
      ['or else to the longest-serving member', ['member', 'member', 'member'], 0],
      ['to active ones before all others', ['member', 'moderator!', 'moderator!'], 2],
      ['not if there is another owner', ['owner', 'moderator'], 1],
    ])('%s', async (_, roles, heir) => {
      const { heirs, state } = await whenOwnerGoes('public', roles);

      expect(heirs).toEqual([heir]);
      expect(state).toMatchObject({ is_active: true, member_count: roles.length });
    });

    it('and tells it in the log, without the name of who has gone', async () => {
      const { ownerId, members, events, state } = await whenOwnerGoes('private', ['member']);

      expect(events).toEqual([
        {
          user_id: ownerId,
          event: { type: 'member_left', user_id: ownerId },
        },
        {
          user_id: ownerId,
          event: {
            type: 'role_changed',
            user_id: members[0]!.id,
            from: 'member',
            to: 'owner',
          },
        },
      ]);
      expect(state).toMatchObject({ last_seq: 2, last_message_id: 2 });
    });

    it.each(['public', 'private'])('and archives a %s one that nobody is left in', async (visibility) => {
      const { state, events } = await whenOwnerGoes(visibility, []);

      expect(state).toMatchObject({ is_active: false, member_count: 0 });
      expect(events).toEqual([]);
    });
  });

  it('asks for the password, and refuses a wrong one without logging anybody out', async () => {
    const { access_token: token } = await client.register('gina');

    expect(await remove(token, 'wrong password')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await client.call('DELETE', '/users/me', { token })).status).toBe(400);
    expect(await client.statusOf(token)).toBe(200);
  });

  it('is refused to the last active administrator', async () => {
    const { user, access_token: token } = await client.register('hugo');
    const { user: second } = await client.register('ida');
    const promote = `UPDATE users SET role = 'admin' WHERE id = $1`;
    await server.dataSource.query(promote, [user.id]);

    expect(await remove(token)).toMatchObject({ status: 409, body: { code: 'last_admin' } });
    expect(await client.statusOf(token)).toBe(200);

    await server.dataSource.query(promote, [second.id]);
    expect((await remove(token)).status).toBe(204);
  });

  it('leaves one administrator when the last two go at the same instant', async () => {
    await server.dataSource.query(`UPDATE users SET role = 'user'`);
    const admins = [await client.register('jane'), await client.register('kai')];
    await server.dataSource.query(`UPDATE users SET role = 'admin' WHERE username IN ('jane', 'kai')`);

    const answers = await Promise.all(admins.map(({ access_token }) => remove(access_token)));

    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
  });
});
