import type { Message } from '../../../src/protocol/models';
import type { AuditEntry, AuditPage } from '../../../src/protocol/moderation';
import { AdminSeed } from '../../../src/users/admin-seed';
import { aPerson, type Person } from '../../support/person';
import { Stage } from '../rooms/stage';

let stage: Stage;
let roomId: number;

beforeAll(async () => {
  stage = await Stage.build();
});
beforeEach(async () => {
  roomId = await stage.aRoom();
});
afterAll(() => stage.server.stop());

async function audit(query: string): Promise<AuditEntry[]> {
  const { status, body } = await stage.admin.get<AuditPage>(`/audit?${query}`);
  expect([query, status]).toEqual([query, 200]);
  return body.entries;
}

/** An entry of the room as it should be. */
const entry = (actor: Person, action: string, fields: Partial<AuditEntry> = {}): AuditEntry =>
  ({
    id: expect.any(Number) as number,
    action,
    actor_id: actor.id,
    target_user_id: null,
    room_id: roomId,
    message_id: null,
    reason: null,
    details: null,
    created_at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    ...fields,
  }) as AuditEntry;

describe('The audit log tells', () => {
  it('of members who were added, raised, and put out, by whom', async () => {
    const path = `/rooms/${roomId}/members/${stage.bob.id}`;

    await stage.ada.put(path, { role: 'member' });
    await stage.admin.put(path, { role: 'moderator' });
    await stage.admin.put(path, { role: 'moderator' });
    await stage.ada.delete(path);
    await stage.ada.delete(path);

    const bob = { target_user_id: stage.bob.id };
    expect(await audit(`room_id=${roomId}`)).toEqual([
      entry(stage.ada, 'member.removed', { ...bob, details: { role: 'moderator' } }),
      entry(stage.admin, 'member.role_changed', { ...bob, details: { from: 'member', to: 'moderator' } }),
      entry(stage.ada, 'member.added', { ...bob, details: { role: 'member' } }),
    ]);
  });

  it('of bans and mutes, with the reason and the end, and of their lifting', async () => {
    roomId = await stage.aRoom();
    const until = '2099-01-01T00:00:00.000Z';

    await stage.ada.put(`/rooms/${roomId}/bans/${stage.bob.id}`, { reason: 'spam', until });
    await stage.ada.put(`/rooms/${roomId}/bans/${stage.bob.id}`, { reason: 'spam', until });
    await stage.ada.delete(`/rooms/${roomId}/bans/${stage.bob.id}`);
    await stage.ada.delete(`/rooms/${roomId}/bans/${stage.bob.id}`);
    await stage.admin.put(`/rooms/${roomId}/mutes/${stage.bob.id}`, {});
    await stage.ada.delete(`/rooms/${roomId}/mutes/${stage.bob.id}`);

    const bob = { target_user_id: stage.bob.id };
    expect(await audit(`room_id=${roomId}`)).toEqual([
      entry(stage.ada, 'member.unmuted', bob),
      entry(stage.admin, 'member.muted', { ...bob, details: { until: null } }),
      entry(stage.ada, 'member.unbanned', bob),
      entry(stage.ada, 'member.banned', { ...bob, reason: 'spam', details: { until } }),
    ]);
  });

  it('of an administrator who adds themselves to a private room', async () => {
    roomId = await stage.aRoom('private');

    await stage.admin.put(`/rooms/${roomId}/members/${stage.admin.id}`, { role: 'member' });

    expect(await audit(`room_id=${roomId}`)).toMatchObject([
      { action: 'member.added', actor_id: stage.admin.id, target_user_id: stage.admin.id },
    ]);
  });

  it('of rooms that were changed or archived, without what they are called', async () => {
    const name = `secret plan ${roomId}`;

    await stage.ada.patch(`/rooms/${roomId}`, { name, description: 'hidden' });
    await stage.admin.patch(`/rooms/${roomId}`, { visibility: 'private', slow_mode_seconds: 5 });
    await stage.admin.delete(`/rooms/${roomId}`);

    const entries = await audit(`room_id=${roomId}`);
    expect(entries).toEqual([
      entry(stage.admin, 'room.archived'),
      entry(stage.admin, 'room.updated', { details: { visibility: 'private', slow_mode_seconds: 5 } }),
      entry(stage.ada, 'room.updated', { details: { changed: ['name', 'description'] } }),
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/secret|hidden/);
  });

  it('of messages that somebody else deleted, once, and not of one’s own', async () => {
    const send = async () =>
      (await stage.bob.post<Message>(`/rooms/${roomId}/messages`, { content: 'secret' })).body.id;
    const [own, others] = [await send(), await send()];

    await stage.bob.delete(`/rooms/${roomId}/messages/${own}`);
    await stage.ada.delete(`/rooms/${roomId}/messages/${others}`);
    await stage.ada.delete(`/rooms/${roomId}/messages/${others}`);

    expect(await audit(`room_id=${roomId}`)).toEqual([
      entry(stage.ada, 'message.deleted', { target_user_id: stage.bob.id, message_id: others }),
    ]);
  });

  it('of accounts whose role or activity was changed, and why', async () => {
    const troll = await aPerson(stage.server, `troll${roomId}`);

    await stage.admin.patch(`/users/${troll.id}`, { is_active: false, reason: 'Sends advertisements' });
    await stage.admin.patch(`/users/${troll.id}`, { is_active: false });
    await stage.admin.patch(`/users/${troll.id}`, { is_active: true, role: 'admin' });

    const entries = await audit(`actor_id=${stage.admin.id}&limit=3`);
    const act = { target_user_id: troll.id, room_id: null };
    expect(entries).toEqual([
      entry(stage.admin, 'user.activated', act),
      entry(stage.admin, 'user.role_changed', { ...act, details: { from: 'user', to: 'admin' } }),
      entry(stage.admin, 'user.deactivated', { ...act, reason: 'Sends advertisements' }),
    ]);
    await stage.admin.patch(`/users/${troll.id}`, { role: 'user' });
  });

  it('of administrators whom the operator made', async () => {
    const admin = {
      username: `made${roomId}`,
      email: `made${roomId}@example.org`,
      password: 'not in the log',
    };

    await stage.server.app.get(AdminSeed, { strict: false }).create(admin);

    const [first] = await audit('action=admin.created&limit=1');
    expect(first).toMatchObject({ actor_id: null, target_user_id: expect.any(Number) });
    expect(JSON.stringify(first)).not.toMatch(/password|not in the log|made/);
  });

  it('nothing of what was refused, was without effect, or concerns nobody else', async () => {
    const admins = (await audit(`actor_id=${stage.admin.id}`)).length;

    await stage.bob.post(`/rooms/${roomId}/join`);
    await stage.bob.patch(`/rooms/${roomId}`, { name: 'mine' });
    await stage.bob.put(`/rooms/${roomId}/members/${stage.bob.id}`, { role: 'owner' });
    await stage.bob.delete(`/rooms/${roomId}`);
    await stage.ada.patch(`/rooms/${roomId}`, {});
    await stage.ada.put(`/rooms/${roomId}/members/${stage.ada.id}`, { role: 'member' });
    await stage.bob.post(`/rooms/${roomId}/leave`);
    await stage.admin.patch(`/users/${stage.bob.id}`, { role: 'user' });

    expect(await audit(`room_id=${roomId}`)).toEqual([]);
    expect(await audit(`actor_id=${stage.admin.id}`)).toHaveLength(admins);
  });

  it('no act that was not done: a taken name leaves no record', async () => {
    const other = await stage.aRoom();
    const { body } = await stage.ada.get<{ name: string }>(`/rooms/${other}`);

    const answer = await stage.ada.patch(`/rooms/${roomId}`, { name: body.name });

    expect(answer.status).toBe(409);
    expect(await audit(`room_id=${roomId}`)).toEqual([]);
  });
});

describe('The audit log', () => {
  it('is read newest first, page by page, by action, actor and room', async () => {
    for (const slow_mode_seconds of [1, 2, 3])
      await stage.ada.patch(`/rooms/${roomId}`, { slow_mode_seconds });
    await stage.admin.delete(`/rooms/${roomId}`);

    const { body: first } = await stage.admin.get<AuditPage>(`/audit?room_id=${roomId}&limit=3`);
    const rest = await audit(`room_id=${roomId}&limit=3&cursor=${first.next_cursor}`);

    expect(first).toMatchObject({ has_more: true, next_cursor: first.entries[2]!.id });
    expect(
      [...first.entries, ...rest].map(({ action, details }) => [action, details?.slow_mode_seconds]),
    ).toEqual([
      ['room.archived', undefined],
      ['room.updated', 3],
      ['room.updated', 2],
      ['room.updated', 1],
    ]);
    expect(await audit(`room_id=${roomId}&actor_id=${stage.ada.id}`)).toHaveLength(3);
    expect(await audit(`room_id=${roomId}&action=room.archived`)).toHaveLength(1);
    expect(await audit(`room_id=${roomId}&action=room.archived&actor_id=${stage.ada.id}`)).toEqual([]);
  });

  it('only grows', async () => {
    await stage.ada.patch(`/rooms/${roomId}`, { slow_mode_seconds: 1 });
    const { dataSource } = stage.server;

    await expect(dataSource.query(`UPDATE audit_log SET actor_id = 1`)).rejects.toThrow('only grows');
    await expect(dataSource.query(`DELETE FROM audit_log`)).rejects.toThrow('only grows');
    await expect(dataSource.query(`TRUNCATE audit_log`)).rejects.toThrow('only grows');
    expect(await audit(`room_id=${roomId}`)).toHaveLength(1);
  });

  it.each([
    'limit=0',
    'limit=101',
    'cursor=0',
    'action=anything',
    'action=',
    'actor_id=x',
    'room_id=0',
    'q=x',
  ])('refuses ?%s', async (query) => {
    expect((await stage.admin.get(`/audit?${query}`)).status).toBe(400);
  });
});
