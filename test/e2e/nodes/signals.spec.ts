import type { Message, PresenceState, Room } from '../../../src/protocol/models';
import { ChatSocket } from '../../support/chat-socket';
import { type Person, aPerson } from '../../support/person';
import { aRoomOf, inRoom } from '../../support/signal-stage';
import { aTestConfig } from '../../support/test-config';
import { acquainted, at, startTwoNodes, type TwoNodes } from '../../support/two-nodes';
import { until } from '../../support/until';

describe('readers on two nodes', () => {
  let nodes: TwoNodes;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    const { limits } = aTestConfig();
    nodes = await startTwoNodes({
      limits: { ...limits, heartbeat_seconds: 3600, presence_interval_ms: 50, typing_interval_ms: 3_600_000 },
    });
    await acquainted(nodes);
    [ada, bob] = [await aPerson(nodes.a, 'Ada'), await aPerson(nodes.a, 'Bob')];
  });
  afterAll(() => nodes.stop());

  const shown = ({ id, username }: Person) => ({ id, username });
  const presenceAt = async (node: TwoNodes['a'], person: Person, room: number) => {
    const { body } = await at(node, person).get<PresenceState>(`/rooms/${room}/presence`);
    return { ...body, users: body.users?.toSorted((one, other) => one.id - other.id) };
  };

  it('see each other come and go, and both nodes answer alike who is there', async () => {
    const room = await aRoomOf([ada, bob]);
    const listener = await inRoom(nodes.a, ada, room);

    const [onB, alsoOnA] = [await inRoom(nodes.b, bob, room), await inRoom(nodes.a, bob, room)];
    const { data } = await listener.next(({ type, data }) => type === 'presence' && data.count === 2);

    expect(data.joined).toEqual(expect.arrayContaining([shown(bob)]));
    await until(async () => {
      const both = { count: 2, users: [shown(ada), shown(bob)] };
      for (const node of [nodes.a, nodes.b]) expect(await presenceAt(node, ada, room)).toEqual(both);
    });
    await ada.delete(`/rooms/${room}/members/${bob.id}`);
    await listener.next(({ type, data }) => type === 'presence' && data.left?.[0]?.id === bob.id);
    for (const socket of [listener, onB, alsoOnA]) await socket.close();
  });

  it('are known on a node where nobody reads the room', async () => {
    const room = await aRoomOf([ada, bob]);
    const socket = await inRoom(nodes.a, ada, room);

    expect(await presenceAt(nodes.b, bob, room)).toEqual({ count: 1, users: [shown(ada)] });
    await socket.close();
  });

  it('are told once of somebody who types on both', async () => {
    const room = await aRoomOf([ada, bob]);
    const listeners = [await inRoom(nodes.a, ada, room), await inRoom(nodes.b, ada, room)];
    const typists = [await inRoom(nodes.a, bob, room), await inRoom(nodes.b, bob, room)];
    const [onA, onB] = typists as [ChatSocket, ChatSocket];

    onA.send({ type: 'typing' });
    for (const listener of listeners) {
      expect((await listener.next('typing')).data).toMatchObject({ user_id: bob.id, username: 'Bob' });
    }
    onB.send({ type: 'typing' });
    // Behind what was typed on either node, in the order of each.
    const marks = [await onA.say('marker A'), await onB.say('marker B')];
    for (const listener of listeners) {
      for (const { seq } of marks)
        await listener.next(({ type, data }) => type === 'message' && data.seq === seq);
      expect(listener.frames.filter(({ type }) => type === 'typing')).toHaveLength(1);
    }
    for (const socket of [...listeners, ...typists]) await socket.close();
  });

  it('hear on all their devices how far they have read', async () => {
    const room = await aRoomOf([ada, bob]);
    const [phone, elsewhere] = [await inRoom(nodes.a, bob, room), await ChatSocket.open(nodes.b, bob)];
    const { body: said } = await ada.post<Message>(`/rooms/${room}/messages`, { content: 'hello' });
    const { id } = said;

    phone.send({ type: 'read', message_id: id });

    const read = { room_id: room, user_id: bob.id, message_id: id };
    for (const device of [phone, elsewhere]) expect((await device.next('read')).data).toEqual(read);
    for (const socket of [phone, elsewhere]) await socket.close();
  });

  it('hear of members, of the room’s new name and of its end', async () => {
    const room = await aRoomOf([ada, bob], 'public');
    const reader = await inRoom(nodes.b, bob, room);
    const cleo = await aPerson(nodes.a, 'Cleo');

    await cleo.post(`/rooms/${room}/join`);
    await ada.patch<Room>(`/rooms/${room}`, { name: 'Another name' });
    await ada.delete(`/rooms/${room}`);

    expect((await reader.next('member_updated')).data).toMatchObject({ user: shown(cleo), change: 'joined' });
    expect((await reader.next('room_updated')).data).toMatchObject({ id: room, name: 'Another name' });
    expect((await reader.next('room_closed')).data).toEqual({ room_id: room });
    expect((await reader.closed).code).toBe(4404);
  });

  it('see an author’s new name in what the other node keeps in memory', async () => {
    const room = await aRoomOf([ada, bob]);
    const carl = await aPerson(nodes.a, 'Carl');
    await ada.put(`/rooms/${room}/members/${carl.id}`, { role: 'member' });
    const [reader, author] = [await inRoom(nodes.b, bob, room), await inRoom(nodes.a, carl, room)];
    await author.say('as Carl');
    await reader.next('message');

    await carl.patch('/users/me', { username: 'Charles' });
    await author.say('as Charles');

    expect((await reader.next('message')).data).toMatchObject({ username: 'Charles' });
    await until(async () => {
      const joined = await ChatSocket.open(nodes.b, bob, { path: `/${room}` });
      const { data } = await joined.next('messages_history');
      await joined.close();
      expect((data.messages as Message[]).at(-2)).toMatchObject({ content: 'as Carl', username: 'Charles' });
    });
    for (const socket of [reader, author]) await socket.close();
  });
});
