import type { Message, Room } from '../../../src/protocol/models';
import { ChatSocket } from '../../support/chat-socket';
import { aPerson, type Person } from '../../support/person';
import { startTestServer, type TestServer } from '../../support/test-server';
import { oneTo } from '../../support/whole-log';

const COUNT = 230;
/** 46 divides 230: the last page is full. */
const LIMITS = [1, 7, 46, 50, 100];
const DOORS = ['REST', 'WebSocket'] as const;

interface Page {
  messages: Message[];
  has_more: boolean;
  next_cursor: number | null;
}
type Query = Partial<Record<'cursor' | 'after' | 'around' | 'limit', number>>;

describe('history', () => {
  let server: TestServer;
  let ada: Person;
  let socket: ChatSocket;
  let emptyRoomId: number;

  beforeAll(async () => {
    server = await startTestServer();
    ada = await aPerson(server, 'Ada');
    socket = await ChatSocket.open(server, ada);
    const { body: room } = await ada.post<Room>('/rooms', { name: 'Empty' });
    emptyRoomId = room.id;
    const said = oneTo(COUNT).map((n) => socket.say(`${n}`, { room_id: 1 }));
    await Promise.all(said);
    await socket.request({ type: 'edit_message', room_id: 1, message_id: 7, content: 'edited' });
    await socket.request({ type: 'delete_message', room_id: 1, message_id: 100 });
  });
  afterAll(() => server.stop());

  /** A page, of which anything that no page may break is checked. */
  async function fetchPage(door: (typeof DOORS)[number], query: Query, roomId = 1): Promise<Page> {
    const page = door === 'REST' ? await overRest(query, roomId) : await overSocket(query, roomId);
    const ids = idsOf(page);
    expect(ids).toEqual(ids.map((_, index) => ids[0]! + index));
    expect(ids.length).toBeLessThanOrEqual(query.limit ?? 50);
    expect(page.has_more).toBe(page.next_cursor !== null);
    return page;
  }

  async function overRest(query: Query, roomId: number): Promise<Page> {
    const search = Object.entries(query)
      .map(([key, value]) => `${key}=${value}`)
      .join('&');
    const { status, body } = await ada.get<Page>(`/rooms/${roomId}/messages?${search}`);
    expect(status).toBe(200);
    return body;
  }

  async function overSocket(query: Query, roomId: number): Promise<Page> {
    const answer = await socket.request({ type: 'fetch_messages', room_id: roomId, ...query });
    expect(answer.type).toBe('messages_history');
    expect(answer.data).not.toHaveProperty('last_seq');
    return answer.data as Page;
  }

  describe.each(DOORS)('over %s', (door) => {
    it.each(LIMITS)('is walked back to the first message by next_cursor, %i at a time', async (limit) => {
      const ids: number[] = [];
      let pages = 0;

      for (let cursor: number | null | undefined; cursor !== null; pages++) {
        const page = await fetchPage(door, { limit, ...(cursor && { cursor }) });
        ids.unshift(...idsOf(page));
        cursor = page.next_cursor;
      }

      expect(ids).toEqual(oneTo(COUNT));
      expect(pages).toBe(Math.ceil(COUNT / limit));
    });

    it.each(LIMITS.slice(1))(
      'is walked on to the newest message by next_cursor, %i at a time',
      async (limit) => {
        const ids: number[] = [];
        let pages = 0;

        for (let after: number | null = 0; after !== null; pages++) {
          const page: Page = await fetchPage(door, { limit, after });
          ids.push(...idsOf(page));
          after = page.next_cursor;
        }

        expect(ids).toEqual(oneTo(COUNT));
        expect(pages).toBe(Math.ceil(COUNT / limit));
      },
    );

    it.each(LIMITS)(
      'around any message goes on to either side without a seam, %i at a time',
      async (limit) => {
        for (const around of [1, 2, 26, 115, COUNT - 1, COUNT]) {
          const page = await fetchPage(door, { around, limit });
          const ids = idsOf(page);
          const older = page.next_cursor === null ? [] : await allFrom(door, 'cursor', page.next_cursor);
          const newer = await allFrom(door, 'after', ids.at(-1)!);

          expect(ids).toContain(around);
          expect([...older, ...ids, ...newer]).toEqual(oneTo(COUNT));
        }
      },
    );

    it('centres a page on its message where there is room on both sides', async () => {
      const odd = await fetchPage(door, { around: 100, limit: 7 });
      const even = await fetchPage(door, { around: 100, limit: 50 });

      expect(idsOf(odd)).toEqual([97, 98, 99, 100, 101, 102, 103]);
      expect(idsOf(even)).toEqual(oneTo(50).map((n) => 75 + n));
    });

    it('has its edges where the messages end', async () => {
      const page = async (query: Query) => {
        const { messages, next_cursor } = await fetchPage(door, query);
        return [messages[0]?.id, messages.at(-1)?.id, next_cursor];
      };

      expect(await page({ cursor: 1 })).toEqual([undefined, undefined, null]);
      expect(await page({ cursor: 2 })).toEqual([1, 1, null]);
      expect(await page({ cursor: 51 })).toEqual([1, 50, null]);
      expect(await page({ cursor: 52 })).toEqual([2, 51, 2]);
      expect(await page({ cursor: 10_000 })).toEqual([181, 230, 181]);
      expect(await page({ after: 180 })).toEqual([181, 230, null]);
      expect(await page({ after: 179 })).toEqual([180, 229, 229]);
      expect(await page({ after: 230 })).toEqual([undefined, undefined, null]);
      expect(await page({ after: 10_000 })).toEqual([undefined, undefined, null]);
      expect(await page({ around: 10_000 })).toEqual([206, 230, 206]);
      expect(await page({ around: 1 })).toEqual([1, 26, null]);
    });

    it('is empty in an empty room, whichever way one looks', async () => {
      for (const query of [{}, { cursor: 5 }, { after: 0 }, { around: 1 }]) {
        expect(await fetchPage(door, query, emptyRoomId)).toMatchObject({
          messages: [],
          has_more: false,
          next_cursor: null,
        });
      }
    });

    it('shows changed messages in their place', async () => {
      const { messages } = await fetchPage(door, { around: 100, limit: 1 });
      const { messages: early } = await fetchPage(door, { cursor: 8, limit: 1 });

      expect(messages).toMatchObject([{ id: 100, seq: 232, content: null }]);
      expect(early).toMatchObject([{ id: 7, seq: 231, content: 'edited' }]);
    });
  });

  it('is the same over both doors', async () => {
    for (const query of [
      { limit: 100 },
      { cursor: 120, limit: 33 },
      { around: 60 },
      { after: 5, limit: 3 },
    ]) {
      expect(await fetchPage('WebSocket', query)).toMatchObject({
        messages: (await fetchPage('REST', query)).messages,
      });
    }
  });

  async function allFrom(door: (typeof DOORS)[number], way: 'cursor' | 'after', start: number) {
    const ids: number[] = [];
    for (let at: number | null = start; at !== null;) {
      const page: Page = await fetchPage(door, { [way]: at, limit: 100 });
      if (way === 'after') ids.push(...idsOf(page));
      else ids.unshift(...idsOf(page));
      at = page.next_cursor;
    }
    return ids;
  }
});

const idsOf = ({ messages }: Page): number[] => messages.map(({ id }) => id);
