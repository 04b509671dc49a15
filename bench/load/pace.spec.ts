import type { Client } from './client';
import { Outbox, shareOf, startPace } from './pace';
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

  it('sends nothing without senders', () => {
    const outbox = new Outbox();

    startPace({ kind: 'open', perSecond: 8 }, [], outbox);
    jest.advanceTimersByTime(1000);

    expect(outbox.sent).toBe(0);
  });
});

describe('the share of a load', () => {
  it('is, of a rate, that of the senders, so that all shares are the whole', () => {
    const shares = [7, 3, 0].map((senders) =>
      shareOf({ kind: 'open', perSecond: 8000 }, { senders, of: 10 }),
    );

    expect(shares).toEqual([5600, 2400, 0].map((perSecond) => ({ kind: 'open', perSecond })));
  });

  it('is, of what each sender has on its way, all', () => {
    const load = { kind: 'closed', inFlight: 8 } as const;

    expect(shareOf(load, { senders: 1, of: 10 })).toEqual(load);
  });
});
