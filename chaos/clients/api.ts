import { setTimeout as delay } from 'node:timers/promises';
import type { HistoryPage, Room, TokenResponse } from '../../src/protocol/models';
import type { StoredMessage } from '../judge/evidence';
import type { Address, Identity } from './roamer';

const PATIENCE_MS = 30_000;
const PAGE = 100;
const BEFORE_REPETITION_MS = 50;

/** Calls one node over REST, again and again while it is not to be reached or not ready. */
export class Api {
  constructor(private readonly node: Address) {}

  async register(username: string): Promise<Identity> {
    const body = { username, email: `${username}@example.com`, password: 'correct horse battery staple' };
    const { access_token: token, user } = await this.call<TokenResponse>('POST', '/auth/register', { body });
    return { userId: user.id, username, token };
  }

  createRoom(owner: Identity, name: string, visibility: 'public' | 'private'): Promise<Room> {
    return this.call('POST', '/rooms', { who: owner, body: { name, visibility } });
  }

  async addMember(owner: Identity, roomId: number, member: Identity): Promise<void> {
    await this.call('PUT', `/rooms/${roomId}/members/${member.userId}`, {
      who: owner,
      body: { role: 'member' },
    });
  }

  invites(who: Identity, roomId: number): Promise<unknown> {
    return this.call('GET', `/rooms/${roomId}/invites`, { who });
  }

  /** Every message of a room as this node has it, oldest first. */
  async history(who: Identity, roomId: number): Promise<StoredMessage[]> {
    const messages: StoredMessage[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: HistoryPage = await this.call(
        'GET',
        `/rooms/${roomId}/messages?after=${after}&limit=${PAGE}`,
        { who },
      );
      for (const { id, seq, client_msg_id: name, content } of page.messages)
        messages.push({ id, seq, name, content });
      after = page.next_cursor;
    }
    return messages;
  }

  private async call<T>(
    method: string,
    path: string,
    { who, body }: { who?: Identity; body?: object },
  ): Promise<T> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const answer = await fetch(`${this.node.url}/api/v1${path}`, {
        method,
        headers: {
          ...(who && { authorization: `Bearer ${who.token}` }),
          ...(body && { 'content-type': 'application/json' }),
        },
        body: body && JSON.stringify(body),
      }).catch(() => null);
      if (answer?.ok) return (await answer.json().catch(() => null)) as T;
      const text = answer ? `${answer.status} ${await answer.text()}` : 'no answer';
      const isFinal = answer !== null && answer.status < 500;
      if (isFinal || performance.now() > deadline) throw new Error(`${method} ${path}: ${text}`);
      await delay(BEFORE_REPETITION_MS);
    }
  }
}
