import type { HistoryPage, Message } from '../../src/protocol/models';
import { aPerson, type Person } from '../support/person';
import { startTestServer, type TestServer } from '../support/test-server';

const ACTS = 30;
const READERS = 8;
const PAGE = 8;

/** A page, and how far the log was known to have come when it was asked for. */
interface Reading {
  knownSeq: number;
  page: HistoryPage;
}

let server: TestServer;
let ada: Person;
let path: string;
/** Every state of every message, as whoever changed it was told, by `seq`. */
let states: Message[];
let knownSeq: number;

const say = () => ada.post<Message>(path, { content: `said after ${knownSeq}` });
const edit = (id: number) => ada.patch<Message>(`${path}/${id}`, { content: `edited after ${knownSeq}` });
const react = (id: number) => ada.put<Message>(`${path}/${id}/reactions/👍`);

async function act(change: Promise<{ body: Message }>): Promise<void> {
  const { body } = await change;
  states.push(body);
  knownSeq = body.seq;
}

/** Reads the newest page again and again, until `isOver`. */
async function readOn(isOver: () => boolean): Promise<Reading[]> {
  const readings: Reading[] = [];
  while (!isOver()) {
    const known = knownSeq;
    const { body } = await ada.get<HistoryPage>(`${path}?limit=${PAGE}`);
    readings.push({ knownSeq: known, page: body });
  }
  return readings;
}

/** The newest page of a log that has come to `seq`, out of what the writers were told. */
function pageAt(seq: number): Message[] {
  const latest = new Map<number, Message>();
  for (const message of states) if (message.seq <= seq) latest.set(message.id, message);
  return [...latest.values()].sort((a, b) => a.id - b.id).slice(-PAGE);
}

beforeAll(async () => {
  server = await startTestServer();
  ada = await aPerson(server, 'Ada');
  const { body: room } = await ada.post<{ id: number }>('/rooms', { name: 'Meanwhile' });
  path = `/rooms/${room.id}/messages`;
});
afterAll(() => server.stop());

describe('The newest page, read by many while the room is written', () => {
  let readings: Reading[];

  beforeAll(async () => {
    states = [];
    knownSeq = 0;
    let isOver = false;
    const readers = Array.from({ length: READERS }, () => readOn(() => isOver));
    for (let n = 0; n < ACTS; n++) {
      const some = states[Math.floor(n / 2)];
      await act(n % 3 === 0 || !some ? say() : n % 3 === 1 ? edit(some.id) : react(some.id));
    }
    isOver = true;
    readings = (await Promise.all(readers)).flat();
  });

  it('has everything that was acknowledged before it was asked for', () => {
    const behind = readings.filter(({ knownSeq: known, page }) => page.last_seq < known);

    expect(readings.length).toBeGreaterThanOrEqual(READERS);
    expect(behind).toEqual([]);
  });

  it('is the state of the log at its position: each message, each edit and each reaction, in order', () => {
    for (const { page } of readings) expect(page.messages).toEqual(pageAt(page.last_seq));
  });
});
