import type { Attempt, Evidence, Heard, StoredMessage, StreamEvent } from './evidence';
import { judge } from './judge';

const ANSWER_WITHIN_MS = 10_000;
const NAMES = ['a', 'b', 'c', 'd'];

const contentOf = (name: string): string => `what ${name} says`;
const stored = (index: number): StoredMessage => ({
  id: index + 1,
  seq: index + 1,
  name: NAMES[index]!,
  content: contentOf(NAMES[index]!),
});
const heard = (seq: number): Heard => ({ id: seq, seq, content: contentOf(NAMES[seq - 1]!) });
const live = (seq: number): StreamEvent => ({ kind: 'live', message: heard(seq) });
const page = (seqs: number[], lastSeq: number): StreamEvent => ({
  kind: 'page',
  messages: seqs.map(heard),
  lastSeq,
});

/** Four messages in one room on two nodes, one of them unacknowledged, and a reader who heard all of it. */
function aRun() {
  const attempts = new Map<string, Attempt>(
    NAMES.map((name, index) => [
      name,
      { content: contentOf(name), acks: index === 2 ? [] : [{ id: index + 1, seq: index + 1 }] },
    ]),
  );
  const histories = ['node 1', 'node 2'].map((node) => ({ node, messages: NAMES.map((_, n) => stored(n)) }));
  const events: StreamEvent[] = [{ kind: 'start', seq: 0 }, live(1), page([2, 3], 3), live(4)];
  return {
    attempts,
    histories,
    events,
    sendings: [{ name: 'a', tookMs: 12 }],
    leaks: [] as Evidence['leaks'],
    deaths: [] as string[],
    refusals: [] as string[],
    broken: [] as string[],
  };
}

type Run = ReturnType<typeof aRun>;

/** The kinds of what the judge finds after `damage`, each once. */
function verdict(damage: (run: Run) => void): string[] {
  const run = aRun();
  damage(run);
  const { attempts, histories, events, ...rest } = run;
  const violations = judge(
    {
      ...rest,
      rooms: [{ roomId: 1, attempts, histories }],
      streams: [{ reader: 'Rita', roomId: 1, events }],
    },
    ANSWER_WITHIN_MS,
  );
  return [...new Set(violations.map(({ kind }) => kind))];
}

describe('the judge', () => {
  it('finds nothing in a run that went well', () => {
    expect(verdict(() => undefined)).toEqual([]);
  });

  it('lets an unacknowledged message be stored or not, but the same everywhere', () => {
    const withoutLast = ({ attempts, histories, events }: Run): void => {
      attempts.get('d')!.acks = [];
      for (const { messages } of histories) messages.pop();
      events.pop();
    };

    expect(verdict(withoutLast)).toEqual([]);
    expect(
      verdict(({ attempts, histories }) => {
        attempts.get('d')!.acks = [];
        histories[1]!.messages.pop();
      }),
    ).toEqual(['lost']);
  });

  it('finds an acknowledged message that a node does not have', () => {
    expect(verdict(({ histories }) => histories[1]!.messages.pop())).toEqual(['lost']);
  });

  it('finds an acknowledged message that nobody has', () => {
    expect(verdict(({ attempts }) => attempts.set('e', { content: 'e', acks: [{ id: 5, seq: 5 }] }))).toEqual(
      ['lost'],
    );
  });

  it('finds a message that is stored twice', () => {
    const twin = { ...stored(1), id: 5, seq: 5 };

    expect(
      verdict(({ histories, events }) => {
        for (const { messages } of histories) messages.push(twin);
        events.push({ kind: 'live', message: twin });
      }),
    ).toEqual(['doubled']);
  });

  it('finds a message that was acknowledged at two places', () => {
    expect(verdict(({ attempts }) => attempts.get('a')!.acks.push({ id: 3, seq: 3 }))).toEqual(['doubled']);
  });

  it('finds a hole in the numbers of a history', () => {
    expect(
      verdict(({ attempts, histories, events }) => {
        attempts.delete('d');
        for (const { messages } of histories) messages[3] = { ...messages[3]!, id: 6, seq: 4, name: null };
        events[3] = { kind: 'live', message: { ...heard(4), id: 6 } };
      }),
    ).toEqual(['gap']);
  });

  it('finds a history that is out of order', () => {
    expect(
      verdict(({ histories }) => histories[0]!.messages.push(histories[0]!.messages.shift()!)),
    ).toContain('reordered');
  });

  it('finds a message with another content, or at another place, than it was acknowledged with', () => {
    expect(verdict(({ attempts }) => (attempts.get('a')!.content = 'other'))).toEqual(['altered']);
    expect(verdict(({ attempts }) => (attempts.get('a')!.acks = [{ id: 2, seq: 2 }]))).toEqual(['altered']);
  });

  it('finds a message that nobody sent', () => {
    expect(verdict(({ attempts }) => attempts.delete('c'))).toEqual(['unattempted']);
  });

  it('lets the numbers of system messages be nobody’s', () => {
    expect(
      verdict(({ attempts, histories }) => {
        attempts.delete('c');
        for (const { messages } of histories) messages[2] = { ...messages[2]!, name: null };
      }),
    ).toEqual([]);
  });

  it.each<[string, StreamEvent[], string[]]>([
    ['a number that was passed over', [live(1), live(3), live(4)], ['gap']],
    ['a number that came too late', [live(1), live(3), live(2), live(4)], ['gap', 'reordered']],
    ['a number that came twice', [live(1), live(2), live(2), live(3), live(4)], ['doubled']],
    ['a page that repeats', [live(1), live(2), page([2, 3], 3), live(4)], ['doubled']],
    ['a page that leaves something out', [live(1), page([3], 3), live(4)], ['gap']],
    ['a page that leads further than it tells', [live(1), page([2], 3), live(4)], ['gap']],
    ['a page that leads back', [live(1), live(2), live(3), page([], 2), live(4)], ['reordered']],
    ['a stream that ends early', [live(1), live(2), live(3)], ['gap']],
    ['a second start', [live(1), { kind: 'start', seq: 4 }], ['gap']],
  ])('finds %s in what a reader was given', (_, events, kinds) => {
    expect(verdict((run) => (run.events = [{ kind: 'start', seq: 0 }, ...events]))).toEqual(kinds);
  });

  it('finds a reader who was given nothing at all', () => {
    expect(verdict((run) => (run.events = []))).toEqual(['gap']);
  });

  it('finds what a reader heard otherwise than it is stored, or what is stored nowhere', () => {
    expect(
      verdict(({ events }) => (events[3] = { kind: 'live', message: { ...heard(4), content: 'other' } })),
    ).toEqual(['altered']);
    expect(
      verdict(({ events }) => events.push({ kind: 'live', message: { id: 5, seq: 5, content: 'x' } })),
    ).toEqual(['unattempted']);
  });

  it('finds a send that was answered too late, or never', () => {
    expect(verdict(({ sendings }) => sendings.push({ name: 'b', tookMs: 10_001 }))).toEqual(['late']);
    expect(verdict(({ sendings }) => sendings.push({ name: 'b', tookMs: Infinity }))).toEqual(['late']);
    expect(verdict(({ sendings }) => sendings.push({ name: 'b', tookMs: NaN }))).toEqual(['late']);
  });

  it('tells of leaks, deaths, refusals and what the fault itself found broken', () => {
    expect(verdict((run) => (run.leaks = [{ hearer: 'Eve', roomId: 1, what: 'message' }]))).toEqual([
      'leaked',
    ]);
    expect(verdict(({ deaths }) => deaths.push('node 1'))).toEqual(['died']);
    expect(verdict(({ refusals }) => refusals.push('forbidden'))).toEqual(['refused']);
    expect(verdict(({ broken }) => broken.push('the pool grew'))).toEqual(['broken']);
  });
});
