import type { Session, TokenResponse } from '../../src/protocol/models';
import type { Answer } from './person';
import type { TestServer } from './test-server';

export const PASSWORD = 'correct horse battery staple';

/** What a refusal looks like. */
export interface Problem {
  status: number;
  code: string;
  detail: string;
  errors?: { field: string; message: string }[];
}

export interface CallOptions {
  token?: string;
  json?: unknown;
  form?: Record<string, string>;
  headers?: Record<string, string>;
}

/** Calls the API as a client would, logged in or not. */
export class AccountClient {
  constructor(private readonly server: TestServer) {}

  /** `path` stands below `/api/v1`. */
  async call<T = Problem>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
    const { token, json, form, headers } = options;
    const response = await fetch(`${this.server.url}/api/v1${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: form ? new URLSearchParams(form) : json === undefined ? undefined : JSON.stringify(json),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text ? JSON.parse(text) : null) as T,
    };
  }

  /** Registers somebody with `PASSWORD`. */
  async register(username: string, headers?: Record<string, string>): Promise<TokenResponse> {
    const json = { username, email: `${username}@example.org`, password: PASSWORD };
    return this.expect(201, await this.call<TokenResponse>('POST', '/auth/register', { json, headers }));
  }

  async login(
    username: string,
    password = PASSWORD,
    headers?: Record<string, string>,
  ): Promise<TokenResponse> {
    const json = { username, password };
    return this.expect(200, await this.call<TokenResponse>('POST', '/auth/login', { json, headers }));
  }

  async sessions(token: string): Promise<Session[]> {
    return this.expect(200, await this.call<Session[]>('GET', '/auth/sessions', { token }));
  }

  /** The id of the session that a token belongs to. */
  async sessionOf(token: string): Promise<string> {
    return (await this.sessions(token)).find((session) => session.current)!.id;
  }

  refresh<T = Problem>(refreshToken: string): Promise<Answer<T>> {
    return this.call<T>('POST', '/auth/refresh', { json: { refresh_token: refreshToken } });
  }

  /** `200`, or the code of the refusal, when somebody asks who they are. */
  async statusOf(token: string): Promise<number | string> {
    const { status, body } = await this.call('GET', '/auth/me', { token });
    return status === 200 ? 200 : body.code;
  }

  private expect<T>(status: number, answer: Answer<T>): T {
    if (answer.status !== status) {
      throw new Error(`The server answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }
}
