import { aChange, aMessage, anUpdate, changes } from '../../test/support/a-message';
import { decodeTextFrames } from '../../test/support/text-frames';
import type { ServerFrame } from '../protocol/frames';
import { encodeFrame, Segment } from './fan-out';

function framesIn(bytes: Buffer | null): ServerFrame[] {
  return decodeTextFrames(bytes!).map((text) => JSON.parse(text) as ServerFrame);
}

describe('encodeFrame', () => {
  it('encodes a frame as JSON text, leaving out what is undefined', () => {
    const bytes = encodeFrame({ type: 'pong', request_id: undefined });

    expect(decodeTextFrames(bytes)).toEqual(['{"type":"pong"}']);
  });
});

describe('a segment of a run', () => {
  it('has a live frame for each change, of its type', () => {
    const sent = aChange({ id: 4, seq: 8 });
    const edited = anUpdate({ id: 2, seq: 9, content: 'better' });

    const segment = Segment.ofRun(7, [sent, edited]);

    expect(segment).toMatchObject({ fromSeq: 7, toSeq: 9 });
    expect(framesIn(segment.bytesAfter(7))).toEqual([
      { type: 'message', data: sent.message },
      { type: 'message_updated', data: edited.message },
    ]);
  });

  it('gives every reader at its beginning the same bytes', () => {
    const segment = Segment.ofRun(0, changes(1, 3));

    expect(segment.bytesAfter(0)).toBe(segment.bytesAfter(0));
  });

  it.each([
    [10, [11, 12, 13]],
    [11, [12, 13]],
    [12, [13]],
  ])('gives a reader at %i the frames %j', (position, seqs) => {
    const segment = Segment.ofRun(10, changes(11, 13));

    const frames = framesIn(segment.bytesAfter(position));

    expect(frames.map((frame) => frame.type === 'message' && frame.data.seq)).toEqual(seqs);
  });

  it('has nothing for a reader before it, at its end or beyond', () => {
    const segment = Segment.ofRun(10, changes(11, 13));

    expect([0, 9, 13, 14].map((position) => segment.bytesAfter(position))).toEqual([null, null, null, null]);
  });
});

describe('a segment of a page', () => {
  const page = {
    messages: [aMessage({ id: 3, seq: 12 }), aMessage({ id: 1, seq: 14 })],
    last_seq: 15,
    epoch: 'first-life',
    has_more: false,
  };

  it('is one changes frame that moves the reader to its last_seq', () => {
    const segment = Segment.ofPage(10, 1, page);

    expect(segment).toMatchObject({ fromSeq: 10, toSeq: 15 });
    expect(framesIn(segment.bytesAfter(10))).toEqual([{ type: 'changes', data: { room_id: 1, ...page } }]);
  });

  it('promises no other: what follows may come live', () => {
    const segment = Segment.ofPage(10, 1, { ...page, has_more: true });

    expect(framesIn(segment.bytesAfter(10))).toMatchObject([{ type: 'changes', data: { has_more: false } }]);
  });

  it('cannot be cut: only a reader at its beginning can take it', () => {
    const segment = Segment.ofPage(10, 1, page);

    expect([9, 11, 12, 14, 15].map((position) => segment.bytesAfter(position))).toEqual(Array(5).fill(null));
  });
});
