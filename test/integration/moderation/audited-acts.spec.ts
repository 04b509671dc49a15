import { randomUUID } from 'node:crypto';
import openApi from '../../../docs/openapi.json';
import { AUDIT_ACTIONS, type AuditAction } from '../../../src/protocol/audit-actions';
import type { NewInvite } from '../../../src/protocol/invites';
import type { Message } from '../../../src/protocol/models';
import type { AuditEntry, AuditPage, FiledReport } from '../../../src/protocol/moderation';
import { AdminSeed } from '../../../src/users/admin-seed';
import { AccountClient, PASSWORD } from '../../support/account-client';
import { aPerson, type Person } from '../../support/person';
import { Stage } from '../rooms/stage';
import { BY_THE_OPERATOR, CALLS } from './audited-calls';

let stage: Stage;
let ada: Person;
let bob: Person;
let admin: Person;
let accounts: AccountClient;
let room: number;

beforeAll(async () => {
  stage = await Stage.build();
  ({ ada, bob, admin } = stage);
  accounts = new AccountClient(stage.server);
});
beforeEach(async () => {
  room = await stage.aRoom();
});
afterAll(() => stage.server.stop());

const someName = () => `p-${randomUUID().slice(0, 8)}`;
const path = (rest: string) => `/rooms/${room}${rest}`;

async function bobSays(): Promise<number> {
  return (await bob.post<Message>(path('/messages'), { content: 'hello' })).body.id;
}

async function invite(): Promise<NewInvite> {
  return (await ada.post<NewInvite>(path('/invites'), { max_uses: 5 })).body;
}

/** A report of Ada's, decided by the administrator. */
async function decide(status: 'resolved' | 'dismissed'): Promise<Partial<AuditEntry>> {
  const message_id = await bobSays();
  const { body } = await ada.post<FiledReport>(path(`/messages/${message_id}/reports`), { reason: 'spam' });
  await admin.patch(`/reports/${body.id}`, { status, note: 'seen' });
  const details = { report_id: body.id };
  return { actor_id: admin.id, room_id: room, message_id, reason: 'seen', details };
}

/** The only owner of a room of their own deletes the account; Bob is in the room if he is to be its heir. */
async function ownerVanishes(withHeir: boolean): Promise<Partial<AuditEntry>> {
  const { access_token: token, user } = await accounts.register(someName());
  const { body } = await accounts.call<{ id: number }>('POST', '/rooms', {
    token,
    json: { name: someName() },
  });
  if (withHeir) await bob.post(`/rooms/${body.id}/join`);
  await accounts.call('DELETE', '/users/me', { token, json: { password: PASSWORD } });
  return { actor_id: user.id, room_id: body.id, reason: 'account deleted' };
}

/** For each act: does it, and gives what the log must tell of it. */
const SCENES: Record<AuditAction, () => Promise<Partial<AuditEntry>>> = {
  'admin.created': async () => {
    const username = someName();
    const account = { username, email: `${username}@example.org`, password: PASSWORD };
    await stage.server.app.get(AdminSeed, { strict: false }).create(account);
    return { actor_id: null, target_user_id: expect.any(Number) as number };
  },
  'user.role_changed': async () => {
    const { id } = await aPerson(stage.server, someName());
    await admin.patch(`/users/${id}`, { role: 'admin', reason: 'helps out' });
    const details = { from: 'user', to: 'admin' };
    return { actor_id: admin.id, target_user_id: id, reason: 'helps out', details };
  },
  'user.deactivated': async () => {
    const { id } = await aPerson(stage.server, someName());
    await admin.patch(`/users/${id}`, { is_active: false, reason: 'spam' });
    return { actor_id: admin.id, target_user_id: id, reason: 'spam' };
  },
  'user.activated': async () => {
    const { id } = await aPerson(stage.server, someName());
    await admin.patch(`/users/${id}`, { is_active: false });
    await admin.patch(`/users/${id}`, { is_active: true, reason: 'sorry' });
    return { actor_id: admin.id, target_user_id: id, reason: 'sorry' };
  },
  'room.updated': async () => {
    await ada.patch(path(''), { slow_mode_seconds: 5 });
    return { actor_id: ada.id, room_id: room, details: { slow_mode_seconds: 5 } };
  },
  'room.archived': async () => {
    await ada.delete(path(''));
    return { actor_id: ada.id, room_id: room };
  },
  'room.handed_over': async () => ({
    ...(await ownerVanishes(true)),
    target_user_id: bob.id,
    details: { from: 'member', to: 'owner' },
  }),
  'member.added': async () => {
    await ada.put(path(`/members/${bob.id}`), { role: 'member' });
    return { actor_id: ada.id, target_user_id: bob.id, room_id: room, details: { role: 'member' } };
  },
  'member.role_changed': async () => {
    await ada.put(path(`/members/${bob.id}`), { role: 'member' });
    await ada.put(path(`/members/${bob.id}`), { role: 'owner' });
    const details = { from: 'member', to: 'owner' };
    return { actor_id: ada.id, target_user_id: bob.id, room_id: room, details };
  },
  'member.removed': async () => {
    await bob.post(path('/join'));
    await ada.delete(path(`/members/${bob.id}`));
    return { actor_id: ada.id, target_user_id: bob.id, room_id: room, details: { role: 'member' } };
  },
  'member.banned': async () => {
    await ada.put(path(`/bans/${bob.id}`), { reason: 'spam' });
    const act = { actor_id: ada.id, target_user_id: bob.id, room_id: room };
    return { ...act, reason: 'spam', details: { until: null } };
  },
  'member.unbanned': async () => {
    await ada.put(path(`/bans/${bob.id}`), {});
    await ada.delete(path(`/bans/${bob.id}`));
    return { actor_id: ada.id, target_user_id: bob.id, room_id: room };
  },
  'member.muted': async () => {
    await ada.put(path(`/mutes/${bob.id}`), {});
    return { actor_id: ada.id, target_user_id: bob.id, room_id: room, details: { until: null } };
  },
  'member.unmuted': async () => {
    await ada.put(path(`/mutes/${bob.id}`), {});
    await ada.delete(path(`/mutes/${bob.id}`));
    return { actor_id: ada.id, target_user_id: bob.id, room_id: room };
  },
  'message.deleted': async () => {
    const message_id = await bobSays();
    await ada.delete(path(`/messages/${message_id}`));
    return { actor_id: ada.id, target_user_id: bob.id, room_id: room, message_id };
  },
  'message.pinned': async () => {
    const message_id = await bobSays();
    await ada.put(path(`/messages/${message_id}/pin`));
    return { actor_id: ada.id, target_user_id: bob.id, room_id: room, message_id };
  },
  'message.unpinned': async () => {
    const message_id = await bobSays();
    await ada.put(path(`/messages/${message_id}/pin`));
    await ada.delete(path(`/messages/${message_id}/pin`));
    return { actor_id: ada.id, target_user_id: bob.id, room_id: room, message_id };
  },
  'invite.created': async () => {
    const { id } = await invite();
    const details = { invite_id: id, max_uses: 5, expires_at: null };
    return { actor_id: ada.id, room_id: room, details };
  },
  'invite.revoked': async () => {
    const { id } = await invite();
    await ada.delete(path(`/invites/${id}`));
    return { actor_id: ada.id, room_id: room, details: { invite_id: id } };
  },
  'invite.used': async () => {
    const { id, code } = await invite();
    await bob.post(`/invites/${code}/accept`);
    const details = { invite_id: id };
    return { actor_id: bob.id, target_user_id: bob.id, room_id: room, details };
  },
  'report.resolved': () => decide('resolved'),
  'report.dismissed': () => decide('dismissed'),
};

const NOBODY_ELSE = { target_user_id: null, room_id: null, message_id: null, reason: null, details: null };

describe('The audit log', () => {
  it('has an answer for each call that changes something: what it tells of it, or that it tells nothing', () => {
    const changing = Object.entries(openApi.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace('/api/v1', '')}`),
    );

    expect(Object.keys(CALLS).sort()).toEqual(changing.filter((call) => !call.startsWith('GET ')).sort());
  });

  it('names no act that nothing leads to', () => {
    const acts = new Set([...Object.values(CALLS).flat(), ...BY_THE_OPERATOR]);

    expect([...acts].sort()).toEqual([...AUDIT_ACTIONS].sort());
  });

  it.each(AUDIT_ACTIONS)('tells of %s: who, whom, where and why, once', async (action) => {
    const newest = async () => (await admin.get<AuditPage>(`/audit?action=${action}&limit=2`)).body.entries;
    const [before] = await newest();

    const told = await SCENES[action]();

    const [entry, earlier] = await newest();
    expect(entry).toEqual({
      ...NOBODY_ELSE,
      ...told,
      action,
      id: expect.any(Number),
      created_at: expect.any(String),
    });
    expect(earlier?.id).toBe(before?.id);
  });

  it('tells of a room that ends with its last member’s account, and why', async () => {
    const told = await ownerVanishes(false);

    const { body } = await admin.get<AuditPage>(`/audit?room_id=${told.room_id}`);
    expect(body.entries).toMatchObject([{ action: 'room.archived', ...told }]);
  });

  it('tells of nothing that an invite did for somebody who was in the room already', async () => {
    const { code } = await invite();

    await ada.post(`/invites/${code}/accept`);

    expect((await admin.get<AuditPage>(`/audit?room_id=${room}`)).body.entries).toHaveLength(1);
  });
});
