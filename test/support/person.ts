import { randomUUID } from 'node:crypto';
import { AccessTokens } from '../../src/auth/access-token.service';
import type { UserRole } from '../../src/protocol/models';
import type { TestServer } from './test-server';

/** What the server answered. `body` is the parsed JSON, taken for a `T`; null when there is none. */
export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** Someone who is logged in and talks to the API; with an empty token, someone who is not. */
export class Person {
  constructor(
    private readonly server: TestServer,
    readonly id: number,
    readonly username: string,
    readonly token: string,
  ) {}

  get<T = unknown>(path: string): Promise<Answer<T>> {
    return this.call('GET', path);
  }

  post<T = unknown>(path: string, body?: unknown): Promise<Answer<T>> {
    return this.call('POST', path, body);
  }

  put<T = unknown>(path: string, body?: unknown): Promise<Answer<T>> {
    return this.call('PUT', path, body);
  }

  patch<T = unknown>(path: string, body?: unknown): Promise<Answer<T>> {
    return this.call('PATCH', path, body);
  }

  delete<T = unknown>(path: string, body?: unknown): Promise<Answer<T>> {
    return this.call('DELETE', path, body);
  }

  /** `path` stands below `/api/v1`. */
  private async call<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const response = await fetch(`${this.server.url}/api/v1${path}`, {
      method,
      headers: {
        ...(this.token && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text ? JSON.parse(text) : null) as T,
    };
  }
}

/** Puts an account with a living session into the database: a person at once, without the cost of a password. */
export async function aPerson(
  server: TestServer,
  username: string,
  role: UserRole = 'user',
): Promise<Person> {
  const sessionId = randomUUID();
  const [user] = await server.dataSource.query<{ user_id: number }[]>(
    `WITH person AS (
       INSERT INTO users (username, email, password_hash, role)
       VALUES ($1, $1 || '@example.com', 'none', $2) RETURNING id)
     INSERT INTO sessions (id, user_id, expires_at) SELECT $3, id, now() + interval '1 day' FROM person
     RETURNING user_id`,
    [username, role, sessionId],
  );
  const id = user!.user_id;
  const token = server.app.get(AccessTokens, { strict: false }).sign({ id, role }, sessionId);
  return new Person(server, id, username, token);
}
