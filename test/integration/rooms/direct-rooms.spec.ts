import { randomUUID } from 'node:crypto';
import type { MemberPage, Message, Room, RoomPage } from '../../../src/protocol/models';
import { aPerson, type Person } from '../../support/person';
import { Stage } from './stage';

describe('The direct room of two', () => {
  let stage: Stage;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    stage = await Stage.build();
    ({ ada, bob } = stage);
  });

  afterAll(() => stage.server.stop());

  const open = (by: Person, withWhom: { id: number }) =>
    by.post<Room>('/rooms/direct', { user_id: withWhom.id });
  const someone = () => aPerson(stage.server, `p-${randomUUID().slice(0, 8)}`);

  async function aGone(change: string): Promise<Person> {
    const person = await someone();
    await stage.server.dataSource.query(`UPDATE users SET ${change} WHERE id = $1`, [person.id]);
    return person;
  }
  const DELETED = `deleted_at = now(), is_active = false, username = NULL, email = NULL, password_hash = NULL`;

  it('is made once, and the same for both', async () => {
    const [made, again, others] = [await open(ada, bob), await open(ada, bob), await open(bob, ada)];

    expect([made.status, again.status, others.status]).toEqual([201, 200, 200]);
    expect(again.body).toEqual(made.body);
    expect(made.body).toMatchObject({ visibility: 'direct', member_count: 2, my: { role: 'member' } });
    expect(others.body.id).toBe(made.body.id);
    const { body } = await bob.get<MemberPage>(`/rooms/${made.body.id}/members`);
    expect(body.members.map(({ user, role }) => [user.id, role])).toEqual([
      [ada.id, 'member'],
      [bob.id, 'member'],
    ]);
  });

  it('is one when both ask at once, many times over', async () => {
    for (let round = 0; round < 5; round++) {
      const [one, other] = [await someone(), await someone()];

      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, n) => (n % 2 ? open(one, other) : open(other, one))),
      );

      expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    }
  });

  it('has for each the name of the other, also a new one, and is found by it', async () => {
    const [one, other] = [await someone(), await someone()];
    const { body: room } = await open(one, other);
    const nameFor = async (person: Person) => (await person.get<Room>(`/rooms/${room.id}`)).body.name;

    expect([room.name, await nameFor(other)]).toEqual([other.username, one.username]);
    await other.patch('/users/me', { username: `${other.username}-new` });
    expect(await nameFor(one)).toBe(`${other.username}-new`);
    const found = await one.get<RoomPage>(`/rooms?search=${other.username}`);
    expect(found.body.rooms.map(({ id }) => id)).toEqual([room.id]);
    await stage.server.dataSource.query(`UPDATE users SET ${DELETED} WHERE id = $1`, [other.id]);
    expect(await nameFor(one)).toBe('deleted user');
  });

  it('is in nobody else’s list, and read by nobody else', async () => {
    const { body: room } = await open(ada, bob);
    await ada.post<Message>(`/rooms/${room.id}/messages`, { content: 'between us' });

    const lists = await Promise.all(
      [await someone(), stage.admin].map((person) => person.get<RoomPage>('/rooms?limit=100')),
    );
    expect(lists.flatMap(({ body }) => body.rooms.map(({ id }) => id))).not.toContain(room.id);
    expect((await stage.admin.get(`/rooms/${room.id}/messages`)).status).toBe(404);
    expect((await bob.get(`/rooms/${room.id}/messages`)).status).toBe(200);
  });

  it.each([
    ['oneself', async () => ada, 400, 'validation_failed'],
    ['a user who was never there', async () => ({ id: 999_999 }), 404, 'user_not_found'],
    ['a deactivated user', () => aGone('is_active = false'), 404, 'user_not_found'],
    ['a deleted user', () => aGone(DELETED), 404, 'user_not_found'],
  ] as const)('is not had with %s', async (_, whom, status, code) => {
    const answer = await open(ada, await whom());

    expect(answer).toMatchObject({ status, body: { code } });
  });

  it.each([{}, { user_id: '2' }, { user_id: 0 }, { user_id: 1.5 }, { user_id: 2 ** 31 }])(
    'is not made of %j',
    async (body) => {
      expect((await ada.post('/rooms/direct', body)).status).toBe(400);
    },
  );
});
