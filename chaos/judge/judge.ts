import type { Evidence } from './evidence';
import { judgeRoom } from './judge-room';
import { judgeStream } from './judge-stream';
import type { Violation } from './violation';

/**
 * Finds every broken promise in the evidence of a run; the rooms must be quiet by then, and nothing in them may have
 * been edited: each message has one `seq`, and so every number of a log is heard exactly once.
 */
export function judge(evidence: Evidence, answerWithinMs: number): Violation[] {
  const { rooms, streams, sendings, leaks, deaths, refusals, broken } = evidence;
  const logs = new Map(rooms.map(({ roomId, histories }) => [roomId, histories[0]?.messages ?? []]));
  return [
    ...rooms.flatMap(judgeRoom),
    ...streams.flatMap((stream) => judgeStream(stream, logs.get(stream.roomId) ?? [])),
    ...sendings
      .filter(({ tookMs }) => !(tookMs <= answerWithinMs))
      .map(({ name, tookMs }): Violation => ({ kind: 'late', detail: `${name}: ${Math.round(tookMs)} ms` })),
    ...leaks.map(({ hearer, roomId, what }): Violation => ({
      kind: 'leaked',
      detail: `${hearer} heard ${what} of room ${roomId}`,
    })),
    ...deaths.map((detail): Violation => ({ kind: 'died', detail })),
    ...refusals.map((detail): Violation => ({ kind: 'refused', detail })),
    ...broken.map((detail): Violation => ({ kind: 'broken', detail })),
  ];
}
