import { setTimeout as delay } from 'node:timers/promises';
import type { Outcome } from '../../src/protocol/error-codes';
import type { Message } from '../../src/protocol/models';
import type { ChatSocket } from './chat-socket';
import type { Person } from './person';

const BETWEEN_SENDS_MS = 15;
const BEFORE_REPETITION_MS = 100;

/** What a sender was answered. */
export type Answer = { id: number; seq: number } | { code: string | undefined; outcome: Outcome };
/** Sends one message and gives its answer, whatever it is. */
export interface Door {
  send(roomId: number, name: string): Promise<Answer>;
  /** Whether messages that are sent one after the other, without waiting, stand in that order. */
  keepsOrder: boolean;
}

/** What became of a message as its sender knows it. */
export interface Sent {
  name: string;
  /** Milliseconds until each answer. */
  tookMs: number[];
  codes: (string | undefined)[];
  stored: { id: number; seq: number } | null;
  /** Whether an answer left open what had become of it. */
  wasUnknown: boolean;
}

export function throughSocket(socket: ChatSocket): Door {
  const send = async (roomId: number, name: string): Promise<Answer> => {
    const answer = await socket.request({
      type: 'message',
      room_id: roomId,
      content: name,
      client_msg_id: name,
    });
    if (answer.type === 'ack') return answer.data as { id: number; seq: number };
    return answer as unknown as Answer;
  };
  return { send, keepsOrder: true };
}

/** Where the problem says nothing of the outcome, it is as good as unknown. */
export function throughRest(person: Person): Door {
  const send = async (roomId: number, name: string): Promise<Answer> => {
    const { status, body } = await person.post<Message & { code: string; outcome?: Outcome }>(
      `/rooms/${roomId}/messages`,
      { content: name, client_msg_id: name },
    );
    return status < 300 ? body : { code: body.code, outcome: body.outcome ?? 'unknown' };
  };
  return { send, keepsOrder: false };
}

/**
 * Someone who goes on sending whatever happens, does not wait for the answers, and repeats under the same name what
 * may have been stored or not.
 */
export class FaultSender {
  readonly sent: Sent[] = [];
  private isSending = false;
  private readonly underWay: Promise<void>[] = [];
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly name: string,
    readonly door: Door,
    private readonly roomId: number,
  ) {}

  start(betweenMs = BETWEEN_SENDS_MS): void {
    this.isSending = true;
    this.loop = this.run(betweenMs);
  }

  /** Sends no more; resolves when the fate of everything sent is known. */
  async finish(): Promise<void> {
    this.isSending = false;
    await this.loop;
    await Promise.all(this.underWay);
  }

  /** Resolves when that many more messages have been stored, or refused. */
  async sees(what: 'stored' | 'refused', count = 5): Promise<void> {
    const seen = () =>
      what === 'stored'
        ? this.sent.filter(({ stored }) => stored).length
        : this.sent.reduce((sum, { codes }) => sum + codes.length, 0);
    for (const enough = seen() + count; seen() < enough;) await delay(BETWEEN_SENDS_MS);
  }

  private async run(betweenMs: number): Promise<void> {
    while (this.isSending) {
      const sent: Sent = {
        name: `${this.name} ${this.sent.length}`,
        tookMs: [],
        codes: [],
        stored: null,
        wasUnknown: false,
      };
      this.sent.push(sent);
      this.underWay.push(this.deliver(sent));
      await delay(betweenMs);
    }
  }

  private async deliver(sent: Sent): Promise<void> {
    for (;;) {
      const startedAt = performance.now();
      const answer = await this.door.send(this.roomId, sent.name);
      sent.tookMs.push(performance.now() - startedAt);
      if ('id' in answer) {
        sent.stored = { id: answer.id, seq: answer.seq };
        return;
      }
      sent.codes.push(answer.code);
      sent.wasUnknown ||= answer.outcome === 'unknown';
      if (!sent.wasUnknown) return;
      await delay(BEFORE_REPETITION_MS);
    }
  }
}
