import { randomUUID } from 'node:crypto';
import type { Restriction, RestrictionPage } from '../../../src/protocol/models';
import { aPerson, type Person } from '../../support/person';
import { Stage } from './stage';

const TOMORROW = '2099-01-01T00:00:00.000Z';

describe.each(['ban', 'mute'] as const)('The list of %ss', (kind) => {
  let stage: Stage;
  let ada: Person;
  let people: Person[];
  let room: number;

  beforeAll(async () => {
    stage = await Stage.build();
    ({ ada } = stage);
    people = [];
    for (let n = 0; n < 5; n++) people.push(await aPerson(stage.server, `p-${randomUUID().slice(0, 8)}`));
  });
  afterAll(() => stage.server.stop());
  beforeEach(async () => {
    room = await stage.aRoom();
  });

  const list = (query = '', by = ada) => by.get<RestrictionPage>(`/rooms/${room}/${kind}s${query}`);
  const order = async ({ id }: Person, body: object = {}, by = ada) =>
    (await by.put<Restriction>(`/rooms/${room}/${kind}s/${id}`, body)).body;

  it('has whom, why, until when, by whom and since when, as it was answered to who ordered it', async () => {
    const reason = kind === 'ban' ? { reason: 'spam' } : {};
    const ordered = [
      await order(people[0]!, { ...reason, until: TOMORROW }),
      await order(people[1]!, {}, stage.admin),
    ];

    const { status, body } = await list();

    expect(status).toBe(200);
    expect(body).toEqual({ restrictions: ordered, has_more: false, next_cursor: null });
    expect(ordered[0]).toMatchObject({
      user: { id: people[0]!.id },
      kind,
      reason: kind === 'ban' ? 'spam' : null,
      until: TOMORROW,
      created_by: ada.id,
    });
  });

  it('is read page by page, by user id', async () => {
    for (const person of people) await order(person);
    const found: number[] = [];

    for (let cursor: number | null = 0; cursor !== null;) {
      const { body }: { body: RestrictionPage } = await list(`?limit=2&cursor=${cursor}`);
      expect(body.has_more).toBe(body.next_cursor !== null);
      found.push(...body.restrictions.map(({ user }) => user.id));
      cursor = body.next_cursor;
    }

    expect(found).toEqual(people.map(({ id }) => id));
  });

  it('leaves out what was lifted, what is over, other rooms, the other kind and deleted accounts', async () => {
    const [lifted, over, elsewhere, gone, kept] = people as [Person, Person, Person, Person, Person];
    const other = await stage.aRoom();
    await ada.put(`/rooms/${other}/${kind}s/${elsewhere.id}`, {});
    await ada.put(`/rooms/${room}/${kind === 'ban' ? 'mute' : 'ban'}s/${elsewhere.id}`, {});
    for (const person of [lifted, over, gone, kept]) await order(person);
    await ada.delete(`/rooms/${room}/${kind}s/${lifted.id}`);
    const { dataSource } = stage.server;
    await dataSource.query(
      `UPDATE room_restrictions SET ends_at = clock_timestamp() - interval '1 ms' WHERE room_id = $1 AND user_id = $2`,
      [room, over.id],
    );
    await dataSource.query(
      `UPDATE users SET deleted_at = now(), username = NULL, email = NULL, password_hash = NULL WHERE id = $1`,
      [gone.id],
    );

    const { body } = await list();

    expect(body.restrictions.map(({ user }) => user.id)).toEqual([kept.id]);
  });

  it('is for owners, moderators and administrators, and of a room that one may not see nothing is told', async () => {
    const [moderator, member, stranger] = people as [Person, Person, Person];
    room = await stage.aRoom('private');
    await ada.put(`/rooms/${room}/members/${moderator.id}`, { role: 'moderator' });
    await ada.put(`/rooms/${room}/members/${member.id}`, { role: 'member' });

    const answers = await Promise.all(
      [ada, stage.admin, moderator, member, stranger].map((person) => list('', person)),
    );

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 403, 404]);
    room = await stage.aRoom();
    expect((await list('', stranger)).status).toBe(403);
  });

  it.each(['?limit=0', '?limit=101', '?cursor=-1', '?cursor=x', '?q=x'])('refuses %s', async (query) => {
    expect((await list(query)).status).toBe(400);
  });
});
