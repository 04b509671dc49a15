import { RegularLooks } from '../../../src/realtime/broker/regular-looks';
import { ReaderRepository } from '../../../src/rooms/reader.repository';
import type { ChatSocket } from '../../support/chat-socket';
import { LOSSES, aLossStage, expectLost } from '../../support/losses';
import { aPerson } from '../../support/person';
import { at, cutOff, startTwoNodes, type TwoNodes } from '../../support/two-nodes';

describe('a node that is told nothing of what happens on another', () => {
  let nodes: TwoNodes;

  beforeAll(async () => {
    nodes = await startTwoNodes();
    cutOff(nodes);
  });
  afterAll(() => nodes.stop());

  const look = () => nodes.b.app.get(RegularLooks).lookNow();

  it.each(LOSSES)('finds, when it looks next, the sockets that have to close after $title', async (loss) => {
    const stage = await aLossStage(nodes, loss.visibility);
    await look();
    await loss.lose(stage, nodes);

    await look();

    await expectLost(nodes, loss, stage, { isTold: false });
  });

  it('asks for the readers of a room once, and again only when somebody may have lost a right', async () => {
    const { owner, victim, room, sockets, bystander } = await aLossStage(nodes, 'private');
    await look();
    const readers = jest.spyOn(nodes.b.app.get(ReaderRepository), 'lostAmong');

    await look();
    await owner.put(`/rooms/${room}/members/${(await aPerson(nodes.a, 'Newcomer')).id}`, { role: 'member' });
    await look();
    const whileNothingIsLost = readers.mock.calls.length;
    await owner.put(`/rooms/${room}/members/${victim.id}`, { role: 'moderator' });
    await look();

    expect(whileNothingIsLost).toBe(0);
    expect(readers.mock.calls.map(([asked]) => asked.map(({ userId }) => userId).toSorted())).toEqual([
      [owner.id, victim.id].toSorted(),
    ]);
    readers.mockRestore();
    for (const socket of [...sockets, bystander]) await socket.close();
  });

  it('takes nobody for a member whom somebody else’s newer facts prove out of date', async () => {
    const { owner, victim, room, sockets, bystander } = await aLossStage(nodes, 'private');
    const [single, many] = sockets as [ChatSocket, ChatSocket];
    await single.say('as a member');
    await owner.put(`/rooms/${room}/mutes/${victim.id}`, {});
    await at(nodes.b, await aPerson(nodes.a, 'Asker')).get(`/rooms/${room}/messages`);

    const refused = await single.request({ type: 'message', content: 'muted' });

    expect(refused).toMatchObject({ type: 'error', code: 'muted' });
    for (const socket of [single, many, bystander]) await socket.close();
  });
});
