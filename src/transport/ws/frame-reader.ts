import { Logger } from '@nestjs/common';
import { firstValueFrom, isObservable } from 'rxjs';
import type { RawData } from 'ws';
import type { FrameAnswer } from '../../chat/chat.gateway';
import { isRequestId } from '../../chat/dto/frames.dto';
import { isClientMsgId } from '../../chat/dto/message.dto';
import { INT4_MAX } from '../../common/canonical-integer';
import { ChatError } from '../../common/chat-error';
import type { Clock } from '../../common/clock';
import type { PacedFaults } from '../../common/paced-faults';
import { isId } from '../../common/validation/is-id';
import type { Metrics } from '../../health/metrics';
import { CloseCode } from '../../protocol/close-codes';
import type { ServerFrame } from '../../protocol/frames';
import type { Connection } from '../../realtime/connection';
import type { GroupCommit } from '../../realtime/group-commit';
import type { Settling } from '../../realtime/inbound-lane';
import { ERROR_TABLE } from '../error-table';
import { neutralError } from '../neutral-error';
import { errorFrame, type FrameContext } from './error-frame';
import type { FrameLimits } from './frame-limits';
import type { FrameHandler, Gateways } from './gateways';

const CHANGES: ReadonlySet<string> = new Set([
  'message',
  'edit_message',
  'delete_message',
  'add_reaction',
  'remove_reaction',
]);
/** Frames that the database has nothing to do with. */
const NEEDS_NO_DATABASE: ReadonlySet<string> = new Set(['ping']);

/**
 * How long a frame may have waited behind one that failed for want of the database and still be tried. Each try may
 * take seconds; one after the other, a queue of them would be answered after minutes.
 */
const WAITED_IN_VAIN_MS = 3000;

interface ReadFrame {
  type: string;
  body: Record<string, unknown>;
  context: FrameContext;
  handler: FrameHandler;
}

const NOTHING_READ: ReadFrame = {
  type: '',
  body: {},
  context: { isChange: false },
  handler: () => Promise.resolve(),
};
const logger = new Logger('Socket');

export interface FrameReaderDependencies {
  clock: Clock;
  metrics: Metrics;
  /** Hears of what the database failed at. */
  databaseFaults: Pick<PacedFaults, 'meet'>;
  /** Null when the limits are switched off. */
  limits: FrameLimits | null;
  commits: Pick<GroupCommit, 'refusal'>;
}

/**
 * Turns what one client sends into work on its lane: a frame is counted, read, and handed to its handler when those
 * before it are done. Whatever a client sends, it is answered: nothing here throws.
 */
export class FrameReader {
  /** Monotonic milliseconds of the last frame that failed for want of the database. */
  private unavailableAt = -Infinity;

  constructor(
    private readonly connection: Connection,
    private readonly gateways: Gateways,
    private readonly dependencies: FrameReaderDependencies,
  ) {}

  receive(data: RawData, isBinary: boolean): void {
    if (isBinary) {
      const bytes = (data as Buffer).length;
      this.connection.lane.push({ isPipelined: false, bytes, run: () => this.refuseBinary() });
      return;
    }
    const text = (data as Buffer).toString('utf8');
    const frame = this.read(text);
    const receivedAt = this.dependencies.clock.monotonic();
    const refusal = this.refusalOf(frame);
    this.connection.lane.push({
      isPipelined: !refusal && frame.type === 'message',
      bytes: text.length,
      run: () => (refusal ? this.refuse(refusal, frame.context) : this.handle(frame, receivedAt)),
    });
  }

  /** Counts a ping like any frame; whether it is to be answered. */
  countPing(): boolean {
    const { limits } = this.dependencies;
    if (!limits || limits.take() === 0) return true;
    if (limits.isFlooding()) this.connection.close(CloseCode.Flooding, 'flooding');
    return false;
  }

  /**
   * Why a frame is not handled at all. More changes than can be stored are refused here, at a fraction of what handling
   * them takes, or refusing would leave no time for storing.
   */
  private refusalOf({ context, error }: ReadFrame & { error?: ChatError }): ChatError | null {
    const { limits, commits } = this.dependencies;
    const retryAfterMs = limits?.take() ?? 0;
    if (retryAfterMs > 0) return new ChatError('rate_limited', { retryAfterMs });
    return error ?? (context.isChange ? commits.refusal : null);
  }

  private read(text: string): ReadFrame & { error?: ChatError } {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return {
        ...NOTHING_READ,
        error: new ChatError('invalid_json', { message: 'The frame is not valid JSON.' }),
      };
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return { ...NOTHING_READ, error: ChatError.invalid('', 'must be an object') };
    }
    const { type, ...body } = value as Record<string, unknown>;
    const context = contextOf(type, body, this.connection);
    if (typeof type !== 'string')
      return { ...NOTHING_READ, context, error: ChatError.invalid('type', 'must be text') };
    const handler = this.gateways.handlersOf(this.connection).get(type);
    if (!handler) return { ...NOTHING_READ, context, error: new ChatError('unknown_type') };
    return { type, body, context, handler };
  }

  private async handle(
    { type, body, context, handler }: ReadFrame,
    receivedAt: number,
  ): Promise<{ settling: Settling } | void> {
    this.dependencies.metrics.frames.inc({ type });
    if (this.hasWaitedInVain(receivedAt) && !NEEDS_NO_DATABASE.has(type)) {
      return this.refuse(new ChatError('database_unavailable'), context, type);
    }
    try {
      const answer = await answerOf(handler, type, body);
      if (!answer) return;
      if (!('settling' in answer)) return this.connection.send(answer);
      return { settling: this.settle(answer.settling, context) };
    } catch (error) {
      // Messages do not wait for the commits of those before them, but their answers come in order.
      await this.connection.lane.commitsEnded();
      await this.refuse(neutralError(error), context, type);
    }
  }

  private async settle(settling: Promise<ServerFrame | void>, context: FrameContext): Promise<void> {
    try {
      const answer = await settling;
      if (answer) this.connection.send(answer);
    } catch (error) {
      await this.refuse(neutralError(error), context);
    }
  }

  private hasWaitedInVain(receivedAt: number): boolean {
    if (this.unavailableAt < receivedAt) return false;
    return this.dependencies.clock.monotonic() - receivedAt >= WAITED_IN_VAIN_MS;
  }

  /** Answers with the error, and ends the socket if that is what the error, or one too many of its kind, means. */
  private async refuse(error: ChatError, context: FrameContext, type?: string): Promise<void> {
    this.answerError(error, context);
    if (error.code === 'database_unavailable') this.unavailableAt = this.dependencies.clock.monotonic();
    const { limits } = this.dependencies;
    const { closeCode } = ERROR_TABLE[error.code];
    if (closeCode === CloseCode.Unauthorized && type !== 'authenticate') {
      this.connection.close(closeCode, error.message);
    } else if (closeCode === CloseCode.InvalidFrames && limits?.isInvalidTooOften()) {
      this.connection.close(closeCode, 'too many invalid frames');
    } else if (error.code === 'rate_limited' && limits?.isFlooding()) {
      this.connection.close(CloseCode.Flooding, 'flooding');
    }
  }

  private refuseBinary(): Promise<void> {
    this.answerError(new ChatError('binary_not_supported'), { isChange: false });
    this.connection.close(CloseCode.UnsupportedData, 'text only');
    return Promise.resolve();
  }

  private answerError(error: ChatError, context: FrameContext): void {
    this.dependencies.metrics.socketErrors.inc({ code: error.code });
    const event = { code: error.code, connection_id: this.connection.id, room_id: context.roomId };
    if (error.code === 'internal_error') {
      logger.error({ msg: 'a frame failed', ...event, err: error.cause ?? error });
    } else {
      if (error.code === 'database_unavailable') this.dependencies.databaseFaults.meet(error.cause ?? error);
      logger.debug({ msg: 'a frame was refused', ...event });
    }
    this.connection.send(errorFrame(error, context));
  }
}

async function answerOf(
  handler: FrameHandler,
  type: string,
  body: Record<string, unknown>,
): Promise<FrameAnswer> {
  const result = await handler(body, type);
  const answer = isObservable(result) ? await firstValueFrom(result, { defaultValue: undefined }) : result;
  return answer as FrameAnswer;
}

function contextOf(type: unknown, body: Record<string, unknown>, { homeRoomId }: Connection): FrameContext {
  const { request_id, client_msg_id, room_id } = body;
  return {
    requestId: isRequestId(request_id) ? request_id : undefined,
    clientMsgId: isClientMsgId(client_msg_id) ? client_msg_id : undefined,
    roomId: isId(room_id, INT4_MAX) ? room_id : (homeRoomId ?? undefined),
    isChange: typeof type === 'string' && CHANGES.has(type),
  };
}
