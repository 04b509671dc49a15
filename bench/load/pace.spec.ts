import type { Client } from './client';
import { Outbox, startPace } from './pace';
import { nowMicros, readStamp } from './stamp';

/** A sender that takes note of when each of its messages was due, and when it was sent. */
function aSender() {
  const sent: { dueMicros: number; atMicros: number }[] = [];
  const sender = {
    spec: { room: 1, sender: 0, user: 1 },
    lastSent: 0,
    inFlight: 0,
    send: (messages: { text: string }[]) => {
      for (const { text } of messages)
        sent.push({ dueMicros: readStamp(text)!.dueMicros, atMicros: nowMicros() });
    },
  };
  return { sender: sender as unknown as Client, sent };
}

describe('the open pace', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('charges no message with the time before it was meant to be sent', () => {
    const { sender, sent } = aSender();
    const startedAt = nowMicros();

    const pace = startPace({ kind: 'open', perSecond: 8 }, [sender], new Outbox());
    jest.advanceTimersByTime(1000);
    pace.stop();

    expect(sent.map(({ dueMicros }) => dueMicros - startedAt)).toEqual(
      Array.from({ length: 8 }, (_, index) => (index + 1) * 125_000),
    );
    expect(sent.map(({ atMicros, dueMicros }) => atMicros - dueMicros)).toEqual(Array(8).fill(0));
  });
});
