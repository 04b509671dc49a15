import { RoomFeeds } from '../../../src/realtime/room-feeds';
import type { ChangesPage, Message, Room } from '../../../src/protocol/models';
import type { Person } from '../../support/person';
import { Stage } from './stage';

describe('What happens to a room, in its log', () => {
  let stage: Stage;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    stage = await Stage.build();
    ({ ada, bob } = stage);
  });

  afterAll(() => stage.server.stop());

  afterEach(() => jest.restoreAllMocks());

  async function logOf(room: number): Promise<Message[]> {
    return (await ada.get<ChangesPage>(`/rooms/${room}/changes?after_seq=0`)).body.messages;
  }

  it('is a system message by who did it, numbered like any other, and offered as it is stored', async () => {
    const room = await stage.aRoom();
    const offer = jest.spyOn(stage.server.app.get(RoomFeeds), 'offer');
    const { body: before } = await ada.get<Room>(`/rooms/${room}`);

    await ada.post(`/rooms/${room}/messages`, { content: 'one' });
    await ada.patch(`/rooms/${room}`, { name: `${before.name}!` });
    await ada.post(`/rooms/${room}/messages`, { content: 'three' });

    const log = await logOf(room);
    expect(log.map(({ id, seq, kind }) => [id, seq, kind])).toEqual([
      [1, 1, 'user'],
      [2, 2, 'system'],
      [3, 3, 'user'],
    ]);
    expect(log[1]).toMatchObject({
      user_id: ada.id,
      username: 'ada',
      content: null,
      event: { type: 'room_renamed', from: before.name, to: `${before.name}!` },
    });
    expect(offer.mock.calls.flatMap(([changes]) => changes)[1]).toEqual({
      roomId: room,
      seq: 2,
      type: 'message',
      message: log[1],
    });
    const { body: after } = await ada.get<Room>(`/rooms/${room}`);
    expect(after).toMatchObject({ last_seq: 3, last_message_id: 3, last_message_at: log[2]!.created_at });
  });

  it('tells each change of a room once, and nothing of what stays as it is', async () => {
    const room = await stage.aRoom();
    const { name } = (await ada.get<Room>(`/rooms/${room}`)).body;

    await ada.patch(`/rooms/${room}`, { name, description: 'a place', slow_mode_seconds: 5 });
    await ada.patch(`/rooms/${room}`, { description: 'a place', visibility: 'private' });
    await ada.patch(`/rooms/${room}`, {});

    expect((await logOf(room)).map(({ event }) => event)).toEqual([
      { type: 'room_description_changed', from: null, to: 'a place' },
      { type: 'room_slow_mode_changed', from: 0, to: 5 },
      { type: 'room_visibility_changed', from: 'public', to: 'private' },
    ]);
  });

  it('does not tell of a change that was refused', async () => {
    const [room, other] = [await stage.aRoom(), await stage.aRoom()];
    const { name } = (await ada.get<Room>(`/rooms/${other}`)).body;

    expect((await ada.patch(`/rooms/${room}`, { name, description: 'x' })).status).toBe(409);

    expect(await logOf(room)).toEqual([]);
    expect((await ada.get<Room>(`/rooms/${room}`)).body).toMatchObject({ last_seq: 0, description: null });
  });

  it('tells in a private room who comes, goes and rises', async () => {
    const room = await stage.aRoom('private');
    const put = (role: string) => ada.put(`/rooms/${room}/members/${bob.id}`, { role });

    await put('member');
    await put('moderator');
    await bob.post(`/rooms/${room}/leave`);
    await put('moderator');
    await ada.delete(`/rooms/${room}/members/${bob.id}`);

    const theBob = { user_id: bob.id };
    expect((await logOf(room)).map(({ username, event }) => [username, event])).toEqual([
      ['ada', { type: 'member_added', ...theBob, role: 'member' }],
      ['ada', { type: 'role_changed', ...theBob, from: 'member', to: 'moderator' }],
      ['bob', { type: 'member_left', ...theBob }],
      ['ada', { type: 'member_added', ...theBob, role: 'moderator' }],
      ['ada', { type: 'member_removed', ...theBob, role: 'moderator' }],
    ]);
  });

  it('tells in a public room of roles, and not of who comes and goes', async () => {
    const room = await stage.aRoom();

    await bob.post(`/rooms/${room}/join`);
    await ada.put(`/rooms/${room}/members/${bob.id}`, { role: 'owner' });
    await bob.post(`/rooms/${room}/leave`);
    await ada.put(`/rooms/${room}/members/${bob.id}`, { role: 'member' });
    await ada.delete(`/rooms/${room}/members/${bob.id}`);

    expect((await logOf(room)).map(({ event }) => event?.type)).toEqual(['role_changed']);
  });

  it('leaves newcomers nothing to read of their own arrival', async () => {
    const room = await stage.aRoom('private');

    await ada.put(`/rooms/${room}/members/${bob.id}`, { role: 'member' });

    expect((await bob.get<Room>(`/rooms/${room}`)).body).toMatchObject({
      last_message_id: 1,
      my: { last_read_id: 1, unread_count: 0 },
    });
  });

  it('has no gap and nothing twice when messages and changes come at once', async () => {
    const room = await stage.aRoom('private');
    const act = (n: number) => [
      ada.post(`/rooms/${room}/messages`, { content: `m${n}` }),
      ada.patch(`/rooms/${room}`, { description: `d${n}` }),
      ada.put(`/rooms/${room}/members/${bob.id}`, { role: n % 2 ? 'member' : 'moderator' }),
    ];

    await Promise.all([1, 2, 3, 4, 5, 6].flatMap(act));

    const log = await logOf(room);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
    expect(log.map(({ id }) => id)).toEqual(log.map((_, index) => index + 1));
    expect(log.filter(({ kind }) => kind === 'user')).toHaveLength(6);
  });
});
