import type { Message } from '../../../src/protocol/models';
import type { SearchPage } from '../../../src/protocol/search';
import { SearchIndexRepository } from '../../../src/search/search-index.repository';
import type { Answer, Person } from '../../support/person';
import { indexAll } from '../../support/search-index';
import { Stage } from '../rooms/stage';

let stage: Stage;
let roomId: number;
/** Whether all that was said is indexed before each search. */
let isIndexed: boolean;

beforeAll(async () => {
  stage = await Stage.build();
});
beforeEach(async () => {
  roomId = await stage.aRoom();
});
afterAll(() => stage.server.stop());

async function say(person: Person, content: string, room = roomId): Promise<Message> {
  const { status, body } = await person.post<Message>(`/rooms/${room}/messages`, { content });
  expect([content, status]).toEqual([content, 201]);
  return body;
}

async function search(person: Person, query: Record<string, string | number>): Promise<Answer<SearchPage>> {
  if (isIndexed) await indexAll(stage.server.app.get(SearchIndexRepository, { strict: false }));
  const text = Object.entries(query).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  return person.get<SearchPage>(`/search/messages?${text.join('&')}`);
}

/** What Bob finds in the room, newest first. */
async function found(q: string, more: Record<string, string | number> = {}): Promise<(string | null)[]> {
  const { status, body } = await search(stage.bob, { q, room_id: roomId, ...more });
  expect([q, status]).toEqual([q, 200]);
  return body.results.map(({ message }) => message.content);
}

describe.each([
  ['not indexed yet', false],
  ['indexed', true],
])('A search among messages that are %s', (_, indexed) => {
  beforeAll(() => {
    isIndexed = indexed;
  });

  it('is refused, not failed, for what is no query', async () => {
    const tooLong = 'word '.repeat(60);
    const refused = [
      '',
      'q=%00',
      'q=a&q=b',
      'q[]=a',
      'q[a]=b',
      `q=${tooLong}`,
      'q=a&limit=0',
      'q=a&limit=101',
    ];
    refused.push('q=a&room_id=01', 'q=a&user_id=x', 'q=a&before=yesterday', 'q=a&before=', 'q=a&sort=asc');
    // PostgreSQL has no such year.
    refused.push('q=a&before=0000-01-01T00:00:00.000Z', 'q=a&before=0000-12-31T23:59:59.999Z~1~1');
    for (const query of refused) {
      expect([query, await stage.bob.get(`/search/messages?${query}`)]).toMatchObject([
        query,
        { status: 400, body: { code: 'validation_failed' } },
      ]);
    }
    const tenThousandWords = await fetch(
      `${stage.server.url}/api/v1/search/messages?q=${'a+'.repeat(10_000)}`,
    );
    expect(tenThousandWords.status).toBeGreaterThanOrEqual(400);
    expect(tenThousandWords.status).toBeLessThan(500);
  });

  it('knows a message as it is now', async () => {
    const message = await say(stage.ada, 'first thoughts');
    await stage.ada.patch(`/rooms/${roomId}/messages/${message.id}`, { content: 'second thoughts' });

    expect(await found('first')).toEqual([]);
    expect(await found('second')).toEqual(['second thoughts']);

    await stage.ada.delete(`/rooms/${roomId}/messages/${message.id}`);
    expect(await found('thoughts')).toEqual([]);
  });

  it('finds in every room that one may read, and tells which', async () => {
    const own = await stage.aRoom('private');
    const general = await say(stage.ada, 'everywhere');
    const secret = await say(stage.ada, 'everywhere', own);

    const { body } = await search(stage.ada, { q: 'everywhere', limit: 2 });

    expect(body.results.map(({ message }) => message)).toEqual([secret, general]);
  });

  it('takes a filter for a room, an author and a time', async () => {
    const other = await stage.aRoom();
    await say(stage.ada, 'filtered one');
    const second = await say(stage.bob, 'filtered two');
    await say(stage.bob, 'filtered three', other);

    expect(await found('filtered')).toEqual(['filtered two', 'filtered one']);
    expect(await found('filtered', { user_id: stage.bob.id })).toEqual(['filtered two']);
    expect(await found('filtered', { user_id: 999_999 })).toEqual([]);
    expect(await found('filtered', { before: second.created_at })).toEqual(['filtered one']);
    expect(await found('filtered', { before: '2020-01-01T00:00:00Z' })).toEqual([]);
    expect(await found('filtered', { before: '0001-01-01T00:00:00Z' })).toEqual([]);
  });

  it('pages newest first, each message once, though many have one time and others come and go', async () => {
    for (let n = 1; n <= 11; n++) await say(stage.ada, `page ${n}`);
    await stage.server.dataSource.query(
      `UPDATE messages SET created_at = '2026-01-01T00:00:00Z' WHERE room_id = $1 AND id BETWEEN 3 AND 9`,
      [roomId],
    );

    const pages: number[][] = [];
    let before: string | null = null;
    do {
      const { body }: Answer<SearchPage> = await search(stage.bob, {
        q: 'page',
        room_id: roomId,
        limit: 2,
        ...(before !== null && { before }),
      });
      pages.push(body.results.map(({ message }) => message.id));
      expect(body.has_more).toBe(body.next_cursor !== null);
      before = body.next_cursor;
      await say(stage.ada, 'page that came later');
      if (pages.length === 2) await stage.ada.delete(`/rooms/${roomId}/messages/8`);
    } while (before !== null);

    expect(pages.flat().sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 9, 10, 11]);
    expect(pages[0]).toEqual([11, 10]);
    expect(pages.slice(1).flat()).toEqual([2, 1, 9, 7, 6, 5, 4, 3]);
  });

  it('shows where the words are, as plain text', async () => {
    await say(stage.ada, 'Look: <img src=x onerror="alert(1)"> & more');

    const { body } = await search(stage.bob, { q: 'alert', room_id: roomId });

    expect(body.results[0]!.snippet).toEqual([
      { text: 'Look: <img src=x onerror="', match: false },
      { text: 'alert', match: true },
      { text: '(1)"> & more', match: false },
    ]);
  });

  it('takes the longest message of all different words that any setting allows, and finds how it begins', async () => {
    const letter = (n: number) => String.fromCodePoint(0x20000 + (n % 40_000));
    const words = Array.from({ length: 33_000 }, (_, n) => letter(n) + letter(n * 7 + 1));
    await stage.server.dataSource.query(
      `WITH noted AS (INSERT INTO search_backlog (room_id, first_id, last_id) VALUES ($1, 1, 1))
       INSERT INTO messages (room_id, id, seq, content, created_at) VALUES ($1, 1, 1, $2, now())`,
      [roomId, words.join(' ')],
    );

    expect(await found(`${words[5000]!} ${words[0]!}`)).toHaveLength(1);
    expect(await found(words[32_000]!)).toEqual([]);
  });

  it('does not look at what the system said', async () => {
    await stage.server.dataSource.query(
      `WITH noted AS (INSERT INTO search_backlog (room_id, first_id, last_id) VALUES ($1, 1, 1))
       INSERT INTO messages (room_id, id, seq, kind, content, created_at)
       VALUES ($1, 1, 1, 'system', 'systematic', now())`,
      [roomId],
    );

    expect(await found('systematic')).toEqual([]);
  });
});
