import { MostlyOne } from '../common/mostly-one';
import type { Principal } from '../common/principal';
import { CloseCode } from '../protocol/close-codes';
import type { ServerFrame } from '../protocol/frames';
import { encodeFrame } from './fan-out';
import type { Pulse } from './heartbeat';
import { InboundLane, type LaneFlow } from './inbound-lane';
import type { Socket } from './socket';

export interface ConnectionInit {
  principal: Principal;
  /** Milliseconds since the epoch. */
  tokenExpiresAt: number;
  /** The room of `/ws/{room_id}`; null on the many-room socket. */
  homeRoomId: number | null;
}

/** What is the same for all connections of a node. */
export interface ConnectionRules {
  /** Makes an id that no other connection has. */
  newId(): string;
  /** Unsent bytes beyond which live frames stop. */
  congestedBytes: number;
  /** Told of faults that are nobody's answer. */
  onFault(connection: Connection, error: unknown): void;
}

/** A reader as its connection sees it: something to let go of. */
interface OpenReader {
  close(): void;
}

const AT_ONCE = Promise.resolve();

/**
 * One client: who acts through it, the rooms it reads, its ordered inbound lane, its wire.
 *
 * Most clients are silent most of the time, so memory is counted here: what only a busy one needs is made when it is
 * needed, and nothing is a closure of its own.
 */
export class Connection implements LaneFlow {
  readonly homeRoomId: number | null;
  readonly lane: InboundLane;
  /** What this client reads, by room. */
  readonly readers = new MostlyOne<number, OpenReader>();
  /** Renewed by the guard on every frame. */
  principal: Principal;
  /** Milliseconds since the epoch. */
  tokenExpiresAt: number;
  /** What the heartbeat knows of it; null until it has looked for the first time. */
  pulse: Pulse | null = null;
  /** Until when the heartbeat does not look at it, by the monotonic clock. */
  quietUntil = 0;
  /** Whether it has had its first frame: what nobody asked for comes after that. */
  isGreeted = false;
  private isOpen = true;
  private turn: Promise<unknown> = AT_ONCE;
  private whenDrained: { promise: Promise<void>; resolve: () => void } | null = null;
  private hearsOfDrain = false;
  private ownId: string | null = null;

  constructor(
    readonly socket: Socket,
    { homeRoomId, principal, tokenExpiresAt }: ConnectionInit,
    private readonly rules: ConnectionRules,
  ) {
    this.homeRoomId = homeRoomId;
    this.principal = principal;
    this.tokenExpiresAt = tokenExpiresAt;
    this.lane = new InboundLane(this);
  }

  /** Made when it is first asked for, which is seldom: in the welcome, and in the log. */
  get id(): string {
    return (this.ownId ??= this.rules.newId());
  }

  /** Whether so much is unsent that nothing more should be written but what cannot wait. */
  get isCongested(): boolean {
    return this.socket.bufferedBytes > this.rules.congestedBytes;
  }

  get isClosed(): boolean {
    return !this.isOpen;
  }

  /** Tells this client something: mostly an answer. */
  send(frame: ServerFrame): void {
    if (this.isOpen) this.write(encodeFrame(frame), true);
  }

  /** Writes frames that are encoded already. An answer goes out before what others are told in the same turn. */
  write(frames: Buffer, isAnswer = false): void {
    if (!this.isOpen) return;
    this.isGreeted = true;
    this.socket.write(frames, isAnswer);
  }

  /** Resolves at once, or when a congested client has taken everything, or is gone. */
  async drained(): Promise<void> {
    if (!this.isOpen || !this.isCongested) return;
    if (!this.hearsOfDrain) {
      this.hearsOfDrain = true;
      this.socket.onDrain(() => this.release());
    }
    if (!this.whenDrained) {
      let resolve: () => void = () => undefined;
      const promise = new Promise<void>((done) => (resolve = done));
      this.whenDrained = { promise, resolve };
    }
    await this.whenDrained.promise;
  }

  pauseReading(): void {
    this.socket.pauseReading();
  }

  resumeReading(): void {
    this.socket.resumeReading();
  }

  /** Runs work that writes much, one piece after the other. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  /** Ends the connection in good order: what was written goes out before the close frame. */
  close(code: CloseCode, reason: string): void {
    if (!this.isOpen) return;
    this.detach();
    this.socket.close(code, reason);
  }

  /** Something of the server failed on this connection; it reconnects and resumes. */
  fail(error: unknown): void {
    this.rules.onFault(this, error);
    this.close(CloseCode.InternalError, 'internal error');
  }

  /** Lets go of everything: the wire has ended, or is about to. */
  detach(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.lane.stop();
    for (const reader of this.readers.values()) reader.close();
    this.readers.clear();
    this.release();
  }

  private release(): void {
    this.whenDrained?.resolve();
    this.whenDrained = null;
  }
}
