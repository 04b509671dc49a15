import { decodeTextFrames } from '../../test/support/text-frames';
import { encodeTextFrames } from './wire-frame';

describe('encodeTextFrames', () => {
  it('writes the bytes of RFC 6455’s own example', () => {
    const { bytes } = encodeTextFrames(['Hello']);

    expect(bytes.toString('hex')).toBe('810548656c6c6f');
  });

  it.each([
    [0, 2],
    [1, 2],
    [125, 2],
    [126, 4],
    [65_535, 4],
    [65_536, 10],
    [200_000, 10],
  ])('gives a text of %i bytes a header of %i', (textBytes, headerBytes) => {
    const text = 'x'.repeat(textBytes);

    const { bytes } = encodeTextFrames([text]);

    expect(bytes).toHaveLength(headerBytes + textBytes);
    expect(decodeTextFrames(bytes)).toEqual([text]);
  });

  it.each([
    ['two bytes, 63 of them', 'é'.repeat(63)],
    ['three bytes, across 65,535', '€'.repeat(21_846)],
    ['four bytes', '👩🏽‍🚀'.repeat(20)],
    ['every length, in one text', 'a é € 😀 \u0000 \u2028'],
  ])('counts bytes, not characters: %s', (_, text) => {
    const { bytes } = encodeTextFrames([text]);

    expect(decodeTextFrames(bytes)).toEqual([text]);
  });

  it('puts frames one behind the other in one buffer, and tells where each ends', () => {
    const texts = ['first', 'é'.repeat(100), '', 'x'.repeat(70_000), 'last'];

    const { bytes, ends } = encodeTextFrames(texts);

    expect(decodeTextFrames(bytes)).toEqual(texts);
    expect(ends.map((end, index) => decodeTextFrames(bytes.subarray(ends[index - 1] ?? 0, end)))).toEqual(
      texts.map((text) => [text]),
    );
    expect(ends.at(-1)).toBe(bytes.length);
  });

  it('writes nothing for no texts', () => {
    expect(encodeTextFrames([])).toEqual({ bytes: Buffer.alloc(0), ends: [] });
  });
});
