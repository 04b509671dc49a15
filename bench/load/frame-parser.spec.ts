import fc from 'fast-check';
import { encodeTextFrames } from '../../src/realtime/wire-frame';
import { textFrame } from './client-frames';
import { FrameParser, OPCODE, READ_BUFFER } from './frame-parser';

/** What a parser makes of bytes that come in these pieces, by the door of the network or by the other. */
function parse(pieces: readonly Buffer[], door: 'network' | 'memory') {
  const frames: { opcode: number; text: string }[] = [];
  const parser = new FrameParser((opcode, bytes, start, end) =>
    frames.push({ opcode, text: bytes.toString('utf8', start, end) }),
  );
  for (const piece of pieces) {
    if (door === 'memory') parser.take(piece);
    else parser.read(piece.copy(READ_BUFFER));
  }
  return frames;
}

function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const ends = [...new Set(cuts.map((at) => at % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

const someTexts = fc.array(
  fc.oneof(
    fc.string(),
    fc.nat(70_000).map((size) => 'ü'.repeat(size / 2)),
  ),
  { maxLength: 6 },
);

describe('FrameParser', () => {
  it.each(['network', 'memory'] as const)('finds the same frames however the %s splits them', (door) => {
    fc.assert(
      fc.property(someTexts, fc.array(fc.nat(400_000), { maxLength: 20 }), (texts, cuts) => {
        const { bytes } = encodeTextFrames(texts);
        // One reading of the network brings no more than fits into its buffer.
        const cutAnyway = [READ_BUFFER.length, 2 * READ_BUFFER.length].filter((at) => at < bytes.length);

        const frames = parse(cut(bytes, [...cuts, ...cutAnyway]), door);

        // Not by `toEqual`, which would explain a difference for minutes.
        expect(frames.map(({ text }) => text).join('|') === texts.join('|')).toBe(true);
        expect(frames.every(({ opcode }) => opcode === OPCODE.text)).toBe(true);
      }),
    );
  });

  it('finds a frame that comes byte by byte', () => {
    const { bytes } = encodeTextFrames(['hello', 'y'.repeat(300)]);

    const frames = parse(
      [...bytes].map((byte) => Buffer.from([byte])),
      'network',
    );

    expect(frames.map(({ text }) => text)).toEqual(['hello', 'y'.repeat(300)]);
  });

  it('keeps pieces that are longer than the room before the buffer', () => {
    const text = 'z'.repeat(READ_BUFFER.length * 3);
    const { bytes } = encodeTextFrames([text]);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 100_000) }, (_, index) =>
      bytes.subarray(index * 100_000, (index + 1) * 100_000),
    );

    expect(parse(pieces, 'network').map((frame) => frame.text.length)).toEqual([text.length]);
  });

  it('tells control frames by their opcode', () => {
    expect(
      parse([Buffer.from([0x89, 1, 0x61, 0x88, 2, 0x03, 0xe9])], 'memory').map(({ opcode }) => opcode),
    ).toEqual([OPCODE.ping, OPCODE.close]);
  });

  it('refuses what no server sends: a masked frame, a piece of one', () => {
    expect(() => parse([textFrame('masked')], 'memory')).toThrow('masked');
    expect(() => parse([Buffer.from([0x01, 0])], 'memory')).toThrow('fragmented');
  });
});

describe('A client’s frame', () => {
  it.each([0, 125, 126, 65_535])('tells a length of %i and is masked', (length) => {
    const frame = textFrame('a'.repeat(length));
    const isShort = length < 126;

    expect(frame[1]).toBe(0x80 | (isShort ? length : 126));
    if (!isShort) expect(frame.readUInt16BE(2)).toBe(length);
    expect(frame.subarray(isShort ? 6 : 8).toString()).toBe('a'.repeat(length));
  });
});
