import { Principals } from '../../../src/auth/principals';
import type { Room } from '../../../src/protocol/models';
import { RegularLooks } from '../../../src/realtime/broker/regular-looks';
import { AccessCache } from '../../../src/rooms/access-cache';
import { ChatSocket } from '../../support/chat-socket';
import { eventually } from '../../support/eventually';
import { holdTable, waitingFor } from '../../support/hold-table';
import { aLossStage, expectLost, LOSSES } from '../../support/losses';
import { aPerson } from '../../support/person';
import { acquainted, at, startTwoNodes, type TwoNodes } from '../../support/two-nodes';

describe('what somebody loses on one node', () => {
  let nodes: TwoNodes;

  beforeAll(async () => {
    nodes = await startTwoNodes();
    await acquainted(nodes);
    // Their regular look at what is open would find the same in the end: what closes here closes for an announcement.
    for (const { app } of [nodes.a, nodes.b]) app.get(RegularLooks).stop();
  });
  afterAll(() => nodes.stop());
  afterEach(() => jest.restoreAllMocks());

  it.each(LOSSES)('closes the sockets on the other after $title', async (loss) => {
    const stage = await aLossStage(nodes, loss.visibility);

    await loss.lose(stage, nodes);

    await expectLost(nodes, loss, stage);
  });

  it('by another role, as an administrator or in a room, is lost on the other', async () => {
    const { owner, victim, room, sockets, bystander } = await aLossStage(nodes, 'private');
    const [single, many] = sockets as [ChatSocket, ChatSocket];
    const [root, demoted] = [
      await aPerson(nodes.a, 'root', 'admin'),
      await aPerson(nodes.a, 'demoted', 'admin'),
    ];
    await owner.put(`/rooms/${room}/members/${victim.id}`, { role: 'moderator' });
    const said = [await bystander.say('one'), await bystander.say('two')];
    const remove = (message: { id: number }) =>
      single.request({ type: 'delete_message', message_id: message.id });
    const audit = () => at(nodes.b, demoted).get('/audit');
    await expect(remove(said[0]!)).resolves.toMatchObject({ type: 'ack' });
    await expect(audit()).resolves.toMatchObject({ status: 200 });
    const dropped = jest.spyOn(nodes.b.app.get(Principals), 'dropUser');

    await owner.put(`/rooms/${room}/members/${victim.id}`, { role: 'member' });
    await root.patch(`/users/${demoted.id}`, { role: 'user' });
    await eventually(() => dropped.mock.calls.some(([id]) => id === demoted.id), 'node B to hear of it');

    await expect(remove(said[1]!)).resolves.toMatchObject({ type: 'error', code: 'forbidden' });
    await expect(audit()).resolves.toMatchObject({ status: 403 });
    for (const socket of [single, many, bystander]) await socket.close();
  });

  describe('while they are on the way in on the other', () => {
    /** Opens a socket that has to wait for the table; it goes on when node B has heard of what happened meanwhile. */
    const enterDuring = async (
      table: string,
      loss: { title: string; isHeard: () => boolean; lose: () => Promise<unknown> },
      open: () => Promise<ChatSocket>,
    ): Promise<ChatSocket> => {
      const letGo = await holdTable(nodes.a, table);
      const opening = open();
      await waitingFor(nodes.a.dataSource, table);
      await loss.lose();
      await eventually(loss.isHeard, `node B to hear of ${loss.title}`);
      await letGo();
      return opening;
    };

    it('a logout closes the socket as soon as it is there', async () => {
      const [ada, bob] = [await aPerson(nodes.a, 'Ada'), await aPerson(nodes.a, 'Bob')];
      const { body: room } = await ada.post<Room>('/rooms', { name: 'Late', visibility: 'public' });
      const dropped = jest.spyOn(nodes.b.app.get(Principals), 'dropSession');
      const logout = {
        title: 'the logout',
        isHeard: () => dropped.mock.calls.length > 0,
        lose: () => bob.post('/auth/logout'),
      };

      const socket = await enterDuring('rooms', logout, () =>
        ChatSocket.open(nodes.b, bob, { path: `/${room.id}` }),
      );

      expect((await socket.closed).code).toBe(4401);
    });

    it('a removal shows nothing of the room, not even what was said before', async () => {
      const [ada, bob] = [await aPerson(nodes.a, 'Eve'), await aPerson(nodes.a, 'Mallory')];
      const { body: room } = await ada.post<Room>('/rooms', { name: 'Secret', visibility: 'private' });
      await ada.put(`/rooms/${room.id}/members/${bob.id}`, { role: 'member' });
      await ada.post(`/rooms/${room.id}/messages`, { content: 'the secret' });
      const dropped = jest.spyOn(nodes.b.app.get(AccessCache), 'dropMember');
      const removal = {
        title: 'the removal',
        isHeard: () => dropped.mock.calls.some(([roomId, userId]) => roomId === room.id && userId === bob.id),
        lose: () => ada.delete(`/rooms/${room.id}/members/${bob.id}`),
      };

      // Every read of a log asks for its epoch; the removal writes no such thing.
      const socket = await enterDuring('log_epoch', removal, () =>
        ChatSocket.open(nodes.b, bob, { path: `/${room.id}` }),
      );

      expect((await socket.closed).code).toBe(4404);
      expect(socket.frames.map(({ type }) => type)).not.toContain('messages_history');
    });
  });
});
