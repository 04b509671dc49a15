import type { SnippetPart } from '../protocol/search';
import { isStorableText } from '../common/validation/is-text';
import { snippetOf } from './snippet';

/** The snippet with its matches in brackets. */
function marked(content: string, query: string): string {
  return snippetOf(content, query)
    .map(({ text, match }) => (match ? `[${text}]` : text))
    .join('');
}

const textOf = (parts: SnippetPart[]) => parts.map(({ text }) => text).join('');

describe('A snippet', () => {
  it.each([
    ['whole words', 'The deploy of Friday', 'deploy friday', 'The [deploy] of [Friday]'],
    [
      'the beginning of the last word',
      'deploys and deployments',
      'and deploy',
      '[deploy]s [and] [deploy]ments',
    ],
    ['no beginning of an earlier word', 'deploys on Friday', 'deploy fri', 'deploys on [Fri]day'],
    ['words within punctuation', 'foo-bar, <b>baz</b>', 'bar baz', 'foo-[bar], <b>[baz]</b>'],
    ['any script, in any case', 'Привет, ÜBER हिन्दी', 'ПРИВЕТ über हिन्दी', '[Привет], [ÜBER] [हिन्दी]'],
    [
      'words between any white space',
      '你好\u3000世界 a\u00a0b\u200bc',
      '世界 a b c',
      '你好\u3000[世界] [a]\u00a0[b]\u200b[c]',
    ],
    ['no emoji', 'sun ☀️ 🏳️‍🌈 1️⃣', '☀️ ❤️ 👨‍👩‍👧 1', 'sun ☀️ 🏳️‍🌈 [1]️⃣'],
    [
      'words beside marks that nobody sees',
      '\u2068hello\u2069 \u200dabc\u200c d\u0001e',
      'hello abc e',
      '\u2068[hello]\u2069 \u200d[abc]\u200c d\u0001[e]',
    ],
    ['letters that are joined', 'من می‌خواهم', 'می‌خواهم', 'من [می‌خواهم]'],
    ['both small letters of sigma', 'ΣΊΣΥΦΟΣ, Σίσυφος', 'σίσυφος', '[ΣΊΣΥΦΟΣ], [Σίσυφος]'],
    ['nothing where nothing is asked for', 'Hello!', '!?', 'Hello!'],
    ['words as words, whatever they mean to a regular expression', 'a.c abc', 'a.c', '[a].[c] abc'],
  ])('marks %s', (_, content, query, expected) => {
    expect(marked(content, query)).toBe(expected);
  });

  it('is the whole of a short content', () => {
    expect(textOf(snippetOf('<script>alert(1)</script>\n& more', 'alert'))).toBe(
      '<script>alert(1)</script>\n& more',
    );
  });

  it('is cut between words around the first match of a long content', () => {
    const content = `${'before '.repeat(100)}needle ${'after '.repeat(100)}`;

    const snippet = marked(content, 'needle');

    expect(snippet).toMatch(/^…(before )+\[needle\] (after )+after…$/);
    expect(snippet.length).toBeLessThan(210);
  });

  it.each([
    ['at its start', `needle${' after'.repeat(100)}`, /^\[needle\]( after)+…$/],
    ['at its end', `${'before '.repeat(100)}needle`, /^…(before )+\[needle\]$/],
  ])('has one ellipsis when the match is %s', (_, content, expected) => {
    expect(marked(content, 'needle')).toMatch(expected);
  });

  it('shows the match though there is no space to cut at', () => {
    const content = `${'x,'.repeat(300)}needle${',y'.repeat(300)}`;

    expect(marked(content, 'needle')).toContain('[needle]');
  });

  it('cuts no character in two', () => {
    for (let shift = 0; shift < 4; shift++) {
      const content = `needle ${'x'.repeat(shift)}${'😀'.repeat(300)}`;

      expect(isStorableText(textOf(snippetOf(content, 'needle')))).toBe(true);
    }
  });
});
