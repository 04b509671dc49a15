import { randomUUID } from 'node:crypto';
import type { ChangesPage, HistoryPage, Message } from '../../../src/protocol/models';
import { ChatSocket } from '../../support/chat-socket';
import { aPerson } from '../../support/person';
import { RoomSnapshot } from '../../support/room-snapshot';
import { wholeLog } from '../../support/whole-log';
import { ReplayStage, type Scene } from './replay-stage';

let stage: ReplayStage;

beforeAll(async () => {
  stage = await ReplayStage.build();
});
afterAll(() => stage.server.stop());

describe('no change of the log is', () => {
  it.each<[string, (scene: Scene) => Promise<unknown>]>([
    [
      'what somebody has read',
      ({ owner, roomId, firstId }) => owner.put(`/rooms/${roomId}/read`, { message_id: firstId }),
    ],
    [
      'who comes to read',
      ({ roomId, member }) => ChatSocket.open(stage.server, member, { path: `/${roomId}` }),
    ],
    ['an invite', (scene) => scene.do(scene.owner, 'post', '/invites', {})],
    [
      'a report',
      (scene) => scene.do(scene.owner, 'post', `/messages/${scene.firstId}/reports`, { reason: 'odd' }),
    ],
    ['an edit that says the same', (scene) => scene.edit(scene.firstId, 'first')],
    ['a reaction that is not there, taken back', (scene) => scene.unreact(scene.firstId, '👍')],
    ['a pin that is not there, taken away', (scene) => scene.unpin(scene.firstId)],
    ['a role that one has', (scene) => scene.put(scene.member, 'member')],
    ['the removal of a stranger', (scene) => scene.remove(scene.stranger)],
    ['the end of a ban that is none', (scene) => scene.lift('ban', scene.stranger)],
    ['a name that the room has', (scene) => scene.change({ description: null })],
    [
      'a message that is refused',
      ({ stranger, roomId }) => stranger.post(`/rooms/${roomId}/messages`, { content: 'x' }),
    ],
    [
      'a pin that is refused',
      ({ member, roomId, firstId }) => member.put(`/rooms/${roomId}/messages/${firstId}/pin`),
    ],
    ['what one says of oneself', ({ member }) => member.patch('/users/me', { display_name: 'The Member' })],
  ])('%s', async (_, act) => {
    const scene = await stage.aScene('private');
    const { owner, roomId } = scene;
    const before = await RoomSnapshot.take(owner, roomId);
    const listener = await ChatSocket.open(stage.server, owner, {
      path: `/${roomId}?after_seq=${before.position}`,
    });
    await listener.next('changes');

    await act(scene);
    await scene.say('marker');

    const heard = await listener.next(({ type }) => ['message', 'message_updated', 'changes'].includes(type));
    expect(heard).toMatchObject({ type: 'message', data: { seq: before.position + 1, content: 'marker' } });
    const after = await RoomSnapshot.take(owner, roomId);
    const old = [...after.messages.values()].filter(({ id }) => before.messages.has(id));
    expect(old).toEqual([...before.messages.values()]);
    await listener.close();
  });
});

describe('another name of an author', () => {
  it('is no change of the log, and stands at once in all that is read of it, also from memory', async () => {
    const scene = await stage.aScene('private');
    const { owner, roomId } = scene;
    const author = await aPerson(stage.server, `p-${randomUUID().slice(0, 8)}`);
    await scene.put(author, 'member');
    await scene.say('mine', {}, author);
    const path = `/${roomId}?after_seq=0`;
    const reading = await ChatSocket.open(stage.server, owner, { path });
    await reading.next('changes');
    const before = await RoomSnapshot.take(owner, roomId);
    const name = `n-${randomUUID().slice(0, 8)}`;

    await author.patch('/users/me', { username: name });

    const after = await RoomSnapshot.take(owner, roomId);
    expect(after.comparable({ withNames: false })).toEqual(before.comparable({ withNames: false }));
    const log = await wholeLog(owner, roomId);
    expect(log.find(({ content }) => content === 'mine')).toMatchObject({ username: name });
    const { body: changes } = await owner.get<ChangesPage>(`/rooms/${roomId}/changes?after_seq=0`);
    expect(byId(changes.messages)).toEqual(log);
    const joining = await ChatSocket.open(stage.server, owner, { path: `/${roomId}` });
    const resuming = await ChatSocket.open(stage.server, owner, { path });
    expect(((await joining.next('messages_history')).data as HistoryPage).messages).toEqual(log);
    expect(byId(((await resuming.next('changes')).data as ChangesPage).messages)).toEqual(log);
    await Promise.all([reading, joining, resuming].map((socket) => socket.close()));
  });
});

const byId = (messages: Message[]): Message[] => [...messages].sort((a, b) => a.id - b.id);
