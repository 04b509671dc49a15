import type { Room, TokenResponse } from '../../src/protocol/models';
import { AccountClient, PASSWORD } from './account-client';
import { ChatSocket } from './chat-socket';
import { aPerson, Person } from './person';
import { at, type TwoNodes } from './two-nodes';

/** Somebody at node A who has a room, and somebody who reads it on node B and is about to lose that. */
export interface LossStage {
  owner: Person;
  victim: Person;
  login: TokenResponse;
  client: AccountClient;
  room: number;
  /** Of the victim, on node B: the room's, and one for many rooms that has joined it. */
  sockets: ChatSocket[];
  /** The owner's, on node B. */
  bystander: ChatSocket;
}

export interface Loss {
  title: string;
  visibility: Room['visibility'];
  /** With what the victim's socket of the room closes, and the one for many rooms; null if that stays open. */
  codes: [number, number | null];
  /** With what the room's may close, too, where nobody has told of it: the looks at sessions and at rooms go their own ways. */
  unheard?: number;
  /** The status with which the victim's next handshake for the room is refused. */
  status: number;
  /** Done at node A. */
  lose(stage: LossStage, nodes: TwoNodes): Promise<unknown>;
}

const membersOnly = { visibility: 'private' as const };
const session = { ...membersOnly, codes: [4401, 4401] as [number, number], status: 401 };

export const LOSSES: Loss[] = [
  { title: 'a logout', ...session, lose: ({ victim }) => victim.post('/auth/logout') },
  {
    title: 'the end of a session, from another device',
    ...session,
    lose: async ({ client, victim, login }) => {
      const { access_token: token } = await client.login(victim.username);
      const sessions = await client.sessions(login.access_token);
      const { id } = sessions.find(({ current }) => current)!;
      await client.call('DELETE', `/auth/sessions/${id}`, { token });
    },
  },
  {
    title: 'a password changed on another device',
    ...session,
    lose: async ({ client, victim }) => {
      const { access_token: token } = await client.login(victim.username);
      const json = { current_password: PASSWORD, new_password: 'a new and better one' };
      await client.call('POST', '/auth/password', { token, json });
    },
  },
  {
    title: 'a spent refresh token that comes again',
    ...session,
    lose: async ({ client, login }) => {
      await client.refresh(login.refresh_token);
      await client.refresh(login.refresh_token);
    },
  },
  {
    title: 'a deactivation',
    ...session,
    lose: async ({ victim }, { a }) => {
      const admin = await aPerson(a, `admin-${victim.username}`, 'admin');
      await admin.patch(`/users/${victim.id}`, { is_active: false });
    },
  },
  {
    title: 'a deleted account',
    ...session,
    unheard: 4403,
    lose: ({ victim }) => victim.delete('/users/me', { password: PASSWORD }),
  },
  {
    title: 'a ban',
    ...membersOnly,
    codes: [4403, null],
    status: 404,
    lose: ({ owner, room, victim }) => owner.put(`/rooms/${room}/bans/${victim.id}`, {}),
  },
  {
    title: 'a removal',
    ...membersOnly,
    codes: [4403, null],
    status: 404,
    lose: ({ owner, room, victim }) => owner.delete(`/rooms/${room}/members/${victim.id}`),
  },
  {
    title: 'the room’s turn to private',
    visibility: 'public',
    codes: [4403, null],
    status: 404,
    lose: ({ owner, room }) => owner.patch(`/rooms/${room}`, { visibility: 'private' }),
  },
  {
    title: 'the room’s end',
    ...membersOnly,
    codes: [4404, null],
    status: 404,
    lose: ({ owner, room }) => owner.delete(`/rooms/${room}`),
  },
];

let stages = 0;

export async function aLossStage(nodes: TwoNodes, visibility: Room['visibility']): Promise<LossStage> {
  const n = ++stages;
  const client = new AccountClient(nodes.a);
  const owner = await aPerson(nodes.a, `owner-${n}`);
  const login = await client.register(`victim-${n}`);
  const victim = new Person(nodes.a, login.user.id, login.user.username, login.access_token);
  const { body: room } = await owner.post<Room>('/rooms', { name: `losses ${n}`, visibility });
  if (visibility === 'private') {
    await owner.put(`/rooms/${room.id}/members/${victim.id}`, { role: 'member' });
  }
  const ofRoom = (person: Person) => ChatSocket.open(nodes.b, at(nodes.b, person), { path: `/${room.id}` });
  const many = await ChatSocket.open(nodes.b, victim);
  await many.request({ type: 'join', room_id: room.id });
  const [single, bystander] = [await ofRoom(victim), await ofRoom(owner)];
  for (const socket of [single, bystander]) await socket.next('messages_history');
  return { owner, victim, login, client, room: room.id, sockets: [single, many], bystander };
}

/** Expects what a loss does to the sockets of the one concerned, and of nobody else; `isTold`: whether their node is told of it. */
export async function expectLost(
  nodes: TwoNodes,
  loss: Loss,
  stage: LossStage,
  { isTold } = { isTold: true },
): Promise<void> {
  const { victim, room, bystander } = stage;
  const [single, many] = stage.sockets as [ChatSocket, ChatSocket];
  const [ofRoom, ofMany] = loss.codes;

  expect([ofRoom, isTold ? undefined : loss.unheard]).toContain((await single.closed).code);
  if (ofMany !== null) {
    expect((await many.closed).code).toBe(ofMany);
  } else {
    await many.next(({ type, data }) => ['left', 'room_closed'].includes(type) && data.room_id === room);
    expect(await many.request({ type: 'ping' })).toMatchObject({ type: 'pong' });
    await many.close();
  }
  if (ofRoom === 4404) expect((await bystander.closed).code).toBe(4404);
  else expect(await bystander.request({ type: 'ping' })).toMatchObject({ type: 'pong' });
  await bystander.close();
  await expect(ChatSocket.open(nodes.b, victim, { path: `/${room}` })).rejects.toMatchObject({
    status: loss.status,
  });
}
