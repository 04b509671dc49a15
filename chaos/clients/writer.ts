import type { AckData, ErrorFrame, ServerFrame } from '../../src/protocol/frames';
import type { Attempt, Sending } from '../judge/evidence';
import { Roamer, type RoamerOptions } from './roamer';

const BEFORE_REPETITION_MS = 50;

export interface WriterOptions extends RoamerOptions {
  roomId: number;
  /** Sends that may wait for their answers. */
  window: number;
  /** Between an answer and the next send that takes its place. */
  pauseMs: number;
}

interface UnderWay {
  name: string;
  attempt: Attempt;
  sentAt: number;
}

function contentOf(name: string): string {
  return `${name} says that it is ${name}`;
}

/**
 * Somebody who writes on and on, keeps a journal, and repeats under the same name whatever may not have been stored,
 * on whichever node it finds.
 */
export class Writer extends Roamer {
  readonly attempts = new Map<string, Attempt>();
  readonly sendings: Sending[] = [];
  readonly refusals: string[] = [];
  /** Acknowledged messages. */
  acknowledged = 0;
  /** When the last acknowledged send was made, by `performance.now()`; for how long a fault was felt. */
  lastAckedSentAt = 0;
  lastAckedSeq = 0;
  private isWriting = true;
  private count = 0;
  /** Messages that are to be sent again. */
  private readonly repetitions: UnderWay[] = [];
  private readonly underWay = new Map<string, UnderWay>();
  /** Slots that wait for their next send. */
  private pausing = 0;

  constructor(
    name: string,
    private readonly writing: WriterOptions,
  ) {
    super(name, writing);
  }

  /** Messages whose fate is not known yet. */
  get unsettled(): number {
    return this.underWay.size + this.repetitions.length;
  }

  /** Begins no new message; those begun are sent until their fate is known. */
  finish(): void {
    this.isWriting = false;
  }

  /** Whatever has no answer now never had one. */
  giveUp(): void {
    for (const { name } of this.underWay.values()) this.sendings.push({ name, tookMs: Infinity });
  }

  /** Sends one message more under a name of its own, or of somebody else's choice. */
  say(name = `${this.name}-${++this.count}`): void {
    const attempt = this.attempts.get(name) ?? { content: contentOf(name), acks: [] };
    this.attempts.set(name, attempt);
    this.transmit({ name, attempt, sentAt: 0 });
  }

  protected path(): string {
    return '';
  }

  protected override opened(): void {
    this.pump();
  }

  protected override closed(): void {
    for (const message of this.underWay.values()) {
      this.note(message);
      this.repetitions.push(message);
    }
    this.underWay.clear();
  }

  protected take(frame: ServerFrame): void {
    if (frame.type !== 'ack' && frame.type !== 'error') return;
    const message = this.underWay.get(String(frame.request_id));
    if (!message) return;
    this.underWay.delete(message.name);
    this.note(message);
    if (frame.type === 'ack') this.acknowledge(message, frame.data);
    else this.refuse(message, frame);
    this.pumpAfter(this.writing.pauseMs);
  }

  private acknowledge({ attempt, sentAt }: UnderWay, { id, seq }: AckData): void {
    if (attempt.acks.length === 0) this.acknowledged += 1;
    attempt.acks.push({ id, seq });
    this.lastAckedSentAt = sentAt;
    this.lastAckedSeq = seq;
  }

  private refuse(message: UnderWay, { code, retryable }: ErrorFrame): void {
    if (!retryable) {
      this.refusals.push(`${message.name}: ${code}`);
      return;
    }
    this.repetitions.push(message);
    this.pausing += 1;
    setTimeout(() => {
      this.pausing -= 1;
      this.pump();
    }, BEFORE_REPETITION_MS);
  }

  private note({ name, sentAt }: UnderWay): void {
    this.sendings.push({ name, tookMs: performance.now() - sentAt });
  }

  private pumpAfter(pauseMs: number): void {
    if (pauseMs === 0) return this.pump();
    this.pausing += 1;
    setTimeout(() => {
      this.pausing -= 1;
      this.pump();
    }, pauseMs);
  }

  /** Fills the window: what has to be repeated first. */
  private pump(): void {
    while (this.isConnected && this.underWay.size + this.pausing < this.writing.window) {
      const repetition = this.repetitions.shift();
      if (repetition) this.transmit(repetition);
      else if (this.isWriting) this.say();
      else return;
    }
  }

  private transmit(message: UnderWay): void {
    if (!this.isConnected) {
      this.repetitions.push(message);
      return;
    }
    message.sentAt = performance.now();
    this.underWay.set(message.name, message);
    this.send({
      type: 'message',
      room_id: this.writing.roomId,
      content: message.attempt.content,
      client_msg_id: message.name,
      request_id: message.name,
    });
  }
}
