import { randomUUID } from 'node:crypto';
import type { Invite, NewInvite } from '../../../src/protocol/invites';
import type { Room } from '../../../src/protocol/models';
import { holdRow } from '../../support/hold-row';
import { aPerson, type Answer, type Person } from '../../support/person';
import { Stage } from './stage';

interface Setting {
  room: number;
  invite: number;
  path: string;
}

describe('Whoever loses a right while their act waits for the room', () => {
  let stage: Stage;
  let ada: Person;
  let bob: Person;
  let cleo: Person;

  beforeAll(async () => {
    stage = await Stage.build();
    ({ ada, bob } = stage);
    cleo = await aPerson(stage.server, 'cleo');
  });

  afterAll(() => stage.server.stop());

  /** A room of Ada's with Cleo as a member, Bob in a role, and an invite. */
  async function aSetting(visibility: Room['visibility'], role: string): Promise<Setting> {
    const room = await stage.aRoom(visibility);
    const path = `/rooms/${room}`;
    await ada.put(`${path}/members/${bob.id}`, { role });
    await ada.put(`${path}/members/${cleo.id}`, { role: 'member' });
    await ada.put(`${path}/mutes/${cleo.id}`, {});
    const { body } = await ada.post<NewInvite>(`${path}/invites`, {});
    return { room, path, invite: body.id };
  }

  /** What an act is answered that was let through to the room before `loss` of the right to it, and comes after it. */
  async function afterLoss(
    { room }: Setting,
    loss: () => Promise<Answer<unknown>>,
    act: () => Promise<Answer<unknown>>,
  ): Promise<Answer<unknown>> {
    const held = await holdRow(stage.server, 'rooms', room);
    const losing = loss();
    await held.queue(1);
    const acting = act();
    await held.queue(2);
    await held.release();
    expect((await losing).status).toBeLessThan(300);
    return acting;
  }

  /** All of the room that acts might change. */
  async function stateOf({ room, path }: Setting): Promise<unknown> {
    const members = await ada.get<{ members: unknown[] }>(`${path}/members`);
    const { updated_at, ...rest } = (await ada.get<Room>(path)).body;
    expect(updated_at).toEqual(expect.any(String));
    const [bans, mutes, invites] = await Promise.all(
      ['bans', 'mutes', 'invites'].map(async (list) => (await ada.get<Invite[]>(`${path}/${list}`)).body),
    );
    return { room, ...rest, ...members.body, bans, mutes, invites };
  }

  const ACTS: [string, string, (setting: Setting) => Promise<Answer<unknown>>][] = [
    ['makes no invite', 'moderator', ({ path }) => bob.post(`${path}/invites`, {})],
    ['revokes no invite', 'moderator', ({ path, invite }) => bob.delete(`${path}/invites/${invite}`)],
    [
      'gives nobody a role',
      'moderator',
      ({ path }) => bob.put(`${path}/members/${stage.admin.id}`, { role: 'member' }),
    ],
    ['removes nobody', 'moderator', ({ path }) => bob.delete(`${path}/members/${cleo.id}`)],
    ['bans nobody', 'moderator', ({ path }) => bob.put(`${path}/bans/${cleo.id}`, {})],
    ['lifts nothing', 'moderator', ({ path }) => bob.delete(`${path}/mutes/${cleo.id}`)],
    ['changes nothing', 'moderator', ({ path }) => bob.patch(path, { description: 'mine' })],
    ['archives nothing', 'owner', ({ path }) => bob.delete(path)],
  ];

  it.each(ACTS)('%s, nor finds a private room that they were removed from', async (_, role, act) => {
    const setting = await aSetting('private', role);

    const answer = await afterLoss(
      setting,
      () => ada.delete(`${setting.path}/members/${bob.id}`),
      () => act(setting),
    );
    const state = await stateOf(setting);

    expect(answer).toMatchObject({ status: 404, body: { code: 'room_not_found' } });
    expect(state).toMatchObject({
      is_active: true,
      description: null,
      members: [{ user: { id: ada.id } }, { user: { id: cleo.id } }],
      bans: { restrictions: [] },
      mutes: { restrictions: [{ user: { id: cleo.id } }] },
      invites: [{ id: setting.invite }],
    });
  });

  it.each(ACTS)('%s as a plain member', async (_, role, act) => {
    const setting = await aSetting('public', role);

    const answer = await afterLoss(
      setting,
      () => ada.put(`${setting.path}/members/${bob.id}`, { role: 'member' }),
      () => act(setting),
    );

    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await stateOf(setting)).toMatchObject({ is_active: true, invites: [{ id: setting.invite }] });
  });

  it.each(ACTS)('%s when banned', async (_, role, act) => {
    const setting = await aSetting('public', role);

    const answer = await afterLoss(
      setting,
      () => ada.put(`${setting.path}/bans/${bob.id}`, {}),
      () => act(setting),
    );

    expect(answer).toMatchObject({ status: 403, body: { code: 'banned' } });
  });

  it('touches nobody above as a moderator who was an owner', async () => {
    const setting = await aSetting('private', 'owner');

    const answer = await afterLoss(
      setting,
      () => ada.put(`${setting.path}/members/${bob.id}`, { role: 'moderator' }),
      () => bob.put(`${setting.path}/members/${cleo.id}`, { role: 'owner' }),
    );

    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it('changes nothing as an administrator who is one no more', async () => {
    const setting = await aSetting('public', 'member');
    const other = await aPerson(stage.server, `root-${randomUUID().slice(0, 8)}`, 'admin');

    const held = await holdRow(stage.server, 'rooms', setting.room);
    const acting = [
      other.patch(setting.path, { description: 'mine' }),
      other.put(`${setting.path}/members/${cleo.id}`, { role: 'owner' }),
    ];
    await held.queue(acting.length);
    await stage.admin.patch(`/users/${other.id}`, { role: 'user' });
    await held.release();

    expect((await Promise.all(acting)).map(({ status }) => status)).toEqual([403, 403]);
  });

  it('does nothing where somebody else archived the room first, which is no error', async () => {
    const setting = await aSetting('private', 'owner');

    const answer = await afterLoss(
      setting,
      () => ada.delete(setting.path),
      () => bob.delete(setting.path),
    );

    expect(answer.status).toBe(204);
  });
});
