import { SearchIndexRepository } from '../../../src/search/search-index.repository';
import type { SearchPage } from '../../../src/protocol/search';
import { indexAll } from '../../support/search-index';
import { Stage } from '../rooms/stage';

let stage: Stage;
let roomId: number;

beforeAll(async () => {
  stage = await Stage.build();
});
beforeEach(async () => {
  roomId = await stage.aRoom();
});
afterAll(() => stage.server.stop());

async function say(content: string): Promise<void> {
  const { status } = await stage.ada.post(`/rooms/${roomId}/messages`, { content });
  expect([content, status]).toEqual([content, 201]);
}

describe.each([
  ['not indexed yet', false],
  ['indexed', true],
])('The words of messages that are %s:', (_, isIndexed) => {
  /** What Bob finds in the room, newest first. */
  async function found(q: string): Promise<(string | null)[]> {
    if (isIndexed) await indexAll(stage.server.app.get(SearchIndexRepository, { strict: false }));
    const path = `/search/messages?room_id=${roomId}&q=${encodeURIComponent(q)}`;
    const { status, body } = await stage.bob.get<SearchPage>(path);
    expect([q, status]).toEqual([q, 200]);
    return body.results.map(({ message }) => message.content);
  }

  it('a search finds all of them, whatever their case and order', async () => {
    await say('The Deploy is on Friday');
    await say('the deploy is late');

    expect(await found('friday deploy')).toEqual(['The Deploy is on Friday']);
    expect(await found('DEPLOY')).toEqual(['the deploy is late', 'The Deploy is on Friday']);
    expect(await found('deploy sunday')).toEqual([]);
  });

  it('the last is a beginning, and no other', async () => {
    await say('deployment on Friday');

    expect(await found('deploy')).toEqual(['deployment on Friday']);
    expect(await found('friday deploy')).toEqual(['deployment on Friday']);
    expect(await found('deploy friday')).toEqual([]);
  });

  it.each([
    ['Привет, мир!', 'ПРИВ'],
    ['Die Straße ist ÜBERALL nass', 'überall'],
    ['हिन्दी में लिखो', 'हिन्दी'],
    ['مرحبا بالعالم', 'بالعالم'],
    ['今日は「テスト」です。', 'テスト'],
    ['café “naïve”—dash', 'dash'],
    ['well-known foo_bar', 'known'],
    ['well-known foo_bar', 'bar'],
    ['mail ada@example.org please', 'example'],
    ['see https://example.org/a/deep/path?x=1', 'deep'],
    ['release 1.22.3 is out', '1.22'],
    ["don't", "don't"],
    ['the <b>bold</b> one', 'bold'],
    ['party🎉time', 'time'],
    ['hello\u00a0world', 'world'],
    ['你好\u3000世界', '世界'],
    ['en\u2009quad\u2028line\u0085next\u200bzero', 'zero quad next line'],
    ['I ❤️ it', 'it I'],
    ['rainbow🏳️‍🌈flag', 'flag'],
    ['family 👨‍👩‍👧 dinner', 'dinner ❤️'],
    ['من می‌خواهم بروم', 'می‌خواهم'],
    ['می‌خواهم\u200c بروم', 'می‌خواهم'],
    ['joined \u200dabc', 'abc'],
    ['\u2068hellobidi\u2069 there', 'hellobidi'],
    [`${'aaa\x01'.repeat(70)}lastword`, 'lastword'],
    ['ΣΊΣΥΦΟΣ', 'σίσυφος'],
    ['Σίσυφος', 'ΣΊΣΥΦΟΣ'],
    [`你好${'你'.repeat(1000)}`, '你好'],
    ['ж'.repeat(1500), 'ж'.repeat(256)],
    [`${'w'.repeat(251)} and more`, 'w'.repeat(255)],
  ])('%j is found by %j', async (content, q) => {
    await say(content);

    expect(await found(q)).toEqual([content]);
  });

  it.each(['', '   ', '!?', "'", '\\', ':*', '&|!<->', '🎉', '❤️', '👨‍👩‍👧', '1️⃣'.slice(1), '%', '—'])(
    'there is none in %j, which finds nothing',
    async (q) => {
      await say(`a word and ${q}`);

      expect(await found(q)).toEqual([]);
    },
  );

  it.each([
    'word & ',
    'word | other',
    '!word',
    'word <-> and',
    'word:*',
    'word:A',
    "word' OR '1'='1",
    "'; DROP TABLE messages; --",
    'word\\',
    '\\word',
    "word''",
    '"word',
    '((word',
    'word)',
    '$1 word',
    'word %00',
    'a:* & b',
    '${word}',
    'word\n\t',
  ])('%j is nothing but words', async (q) => {
    await say('a word and nothing else');

    const words = q.toLowerCase().match(/[a-z0-9]+/g)!;
    const isFound = words.every((word, index) =>
      'a word and nothing else'
        .split(' ')
        .some((known) => (index === words.length - 1 ? known.startsWith(word) : known === word)),
    );
    expect(await found(q)).toHaveLength(isFound ? 1 : 0);
  });
});
