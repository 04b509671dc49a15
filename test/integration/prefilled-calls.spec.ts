import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Invite } from '../../src/protocol/invites';
import type { Message, Room, TokenResponse, User } from '../../src/protocol/models';
import type { SearchPage } from '../../src/protocol/search';
import { AccountClient } from '../support/account-client';
import { aPerson, Person } from '../support/person';
import { startTestServer, type TestServer } from '../support/test-server';

interface Operation {
  parameters?: { name: string; schema: { example?: string } }[];
  requestBody?: { content: Record<string, { example: object }> };
}

// What is checked in is what is served: openapi-document.spec.ts sees to that.
const { paths } = JSON.parse(readFileSync(join(__dirname, '../../docs/openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
};

/** The body that stands there for a call when it is tried out. */
function bodyOf(method: string, path: string): object {
  return paths[`/api/v1${path}`]![method]!.requestBody!.content['application/json']!.example;
}

/** The words that stand there for a search. */
function wordsOf(path: string): string {
  return paths[`/api/v1${path}`]!.get!.parameters!.find(({ name }) => name === 'q')!.schema.example!;
}

describe('a call that is tried out on a fresh server as it stands', () => {
  let server: TestServer;
  let ada: Person;
  let bob: Person;
  let room: Room;

  beforeAll(async () => {
    server = await startTestServer();
    const client = new AccountClient(server);
    const registered = await client.call('POST', '/auth/register', {
      json: bodyOf('post', '/auth/register'),
    });
    expect(registered).toMatchObject({ status: 201 });
    const loggedIn = await client.call<TokenResponse>('POST', '/auth/login', {
      json: bodyOf('post', '/auth/login'),
    });
    expect(loggedIn).toMatchObject({ status: 200 });
    const { user, access_token } = loggedIn.body;
    ada = new Person(server, user.id, user.username, access_token);
    bob = await aPerson(server, 'bob');
    const made = await ada.post<Room>('/rooms', bodyOf('post', '/rooms'));
    expect(made).toMatchObject({ status: 201 });
    room = made.body;
  });

  afterAll(() => server.stop());

  it('sends a message, and another one if it is sent again', async () => {
    const body = bodyOf('post', '/rooms/{room_id}/messages');

    const answers = [await ada.post('/rooms/1/messages', body), await ada.post('/rooms/1/messages', body)];

    expect(body).toEqual({ content: 'Hello, world!' });
    expect(answers).toMatchObject([
      { status: 201, body: { id: 1 } },
      { status: 201, body: { id: 2 } },
    ]);
  });

  it('finds what was sent, and who sent it', async () => {
    await ada.post(`/rooms/${room.id}/messages`, bodyOf('post', '/rooms/{room_id}/messages'));

    const found = await ada.get<SearchPage>(
      `/search/messages?room_id=${room.id}&q=${encodeURIComponent(wordsOf('/search/messages'))}`,
    );
    const people = await ada.get<User[]>(`/users/search?q=${wordsOf('/users/search')}`);

    expect(found.body.results).toHaveLength(1);
    expect(people.body.map(({ id }) => id)).toEqual([ada.id]);
  });

  it('edits, reads and reports', async () => {
    const sent = await ada.post<Message>('/rooms/1/messages', { content: 'Helo' });
    const path = `/rooms/1/messages/${sent.body.id}`;

    const edited = await ada.patch(path, bodyOf('patch', '/rooms/{room_id}/messages/{message_id}'));
    const read = await ada.put('/rooms/1/read', bodyOf('put', '/rooms/{id}/read'));
    const reported = await bob.post(
      `${path}/reports`,
      bodyOf('post', '/rooms/{id}/messages/{message_id}/reports'),
    );

    expect([edited.status, read.status, reported.status]).toEqual([200, 200, 201]);
  });

  it('changes of a room, of a profile and of an account only what harms nobody', async () => {
    const admin = await aPerson(server, 'root', 'admin');

    const changed = await ada.patch<Room>(`/rooms/${room.id}`, bodyOf('patch', '/rooms/{id}'));
    const profile = await bob.patch<User>('/users/me', bodyOf('patch', '/users/me'));
    const account = await admin.patch<User>(`/users/${bob.id}`, bodyOf('patch', '/users/{id}'));

    expect(changed).toMatchObject({
      status: 200,
      body: { name: room.name, visibility: room.visibility, slow_mode_seconds: 0 },
    });
    expect(profile).toMatchObject({ status: 200, body: { username: 'bob' } });
    expect(account).toMatchObject({ status: 200, body: { role: 'user', is_active: true } });
  });

  it('adds a plain member, and mutes and bans one', async () => {
    const member = await ada.put(
      `/rooms/${room.id}/members/${bob.id}`,
      bodyOf('put', '/rooms/{id}/members/{user_id}'),
    );
    const muted = await ada.put(
      `/rooms/${room.id}/mutes/${bob.id}`,
      bodyOf('put', '/rooms/{id}/mutes/{user_id}'),
    );
    const banned = await ada.put(
      `/rooms/${room.id}/bans/${bob.id}`,
      bodyOf('put', '/rooms/{id}/bans/{user_id}'),
    );

    expect(member).toMatchObject({ status: 201, body: { role: 'member' } });
    expect([muted.status, banned.status]).toEqual([200, 200]);
  });

  it('invites into a private room', async () => {
    const den = await ada.post<Room>('/rooms', { name: 'Den', visibility: 'private' });

    const invite = await ada.post<Invite>(
      `/rooms/${den.body.id}/invites`,
      bodyOf('post', '/rooms/{id}/invites'),
    );

    expect(invite.status).toBe(201);
  });

  it('changes the password that was registered', async () => {
    const { status } = await ada.post('/auth/password', bodyOf('post', '/auth/password'));

    expect(status).toBe(204);
  });
});
