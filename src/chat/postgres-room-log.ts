import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DatabaseError, type PoolClient } from 'pg';
import { ChatError } from '../common/chat-error';
import { AppConfig } from '../config/app-config';
import { createPool } from '../database/data-source-options';
import {
  databaseErrorCode,
  isConnectionLoss,
  isLockTimeout,
  isUniqueViolation,
  toChatError,
} from '../database/database-error';
import { KeptConnection } from '../database/kept-connection';
import type { ChangesPage, HistoryPage } from '../protocol/models';
import { type Appended, type Draft, type LogTails, type MessageDraft, RoomLog } from '../realtime/room-log';
import type { BatchLimits } from './batch-state';
import { LogBatch } from './log-batch';
import { LogWriter } from './log-writer';
import { MessageRepository } from './message.repository';

/** A room that somebody has locked may hold up its own drafts for so long, and those of the other rooms once. */
const LOCK_TIMEOUT_MS = 1500;

type Result = Appended | ChatError;

/**
 * The log in PostgreSQL. Appends have one connection of their own: it keeps the order, and requests that exhaust the
 * pool do not stop the chat.
 */
@Injectable()
export class PostgresRoomLog extends RoomLog implements OnApplicationShutdown {
  private readonly connection: KeptConnection;
  private readonly limits: BatchLimits;
  /** Rooms that were locked when last seen. Their drafts wait no more: each asks first, and is refused or let pass. */
  private readonly lockedRooms = new Set<number>();

  constructor(
    @Inject(AppConfig) config: AppConfig,
    private readonly messages: MessageRepository,
  ) {
    super();
    this.limits = { reactionsMax: config.limits.reactions_max, pinsMax: config.limits.pins_max };
    this.connection = new KeptConnection(createPool(config, { max: 1, lock_timeout: LOCK_TIMEOUT_MS }));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connection.end();
  }

  recent(roomId: number, limit: number): Promise<HistoryPage> {
    return this.messages.history(roomId, { limit });
  }

  changesAfter(roomId: number, seq: number, limit: number): Promise<ChangesPage> {
    return this.messages.changesAfter(roomId, seq, limit);
  }

  movedOn(positions: ReadonlyMap<number, number>): Promise<LogTails> {
    return this.messages.movedOn(positions);
  }

  async append(drafts: readonly Draft[]): Promise<Result[]> {
    try {
      if (drafts.some(({ roomId }) => this.lockedRooms.has(roomId))) await this.lookForLocks(drafts);
      return await this.appendPassing(drafts);
    } catch (error) {
      throw asFailedChange(error);
    }
  }

  /** Stores the drafts of rooms that are not locked. */
  private async appendPassing(drafts: readonly Draft[]): Promise<Result[]> {
    if (this.lockedRooms.size === 0) return this.appendAll(drafts);
    const passing = drafts.filter(({ roomId }) => !this.lockedRooms.has(roomId));
    const stored = passing.length > 0 ? await this.appendAll(passing) : [];
    const results = new Map(passing.map((draft, index) => [draft, stored[index]!]));
    return drafts.map(
      (draft) => results.get(draft) ?? unavailable('not_stored', new Error('The room is locked')),
    );
  }

  private async appendAll(drafts: readonly Draft[]): Promise<Result[]> {
    try {
      return await this.appendTogether(drafts);
    } catch (error) {
      return this.appendAfter(error, drafts);
    }
  }

  /** What can be stored of drafts that could not be stored together. */
  private async appendAfter(error: unknown, drafts: readonly Draft[]): Promise<Result[]> {
    if (error instanceof ChatError) throw error;
    if (isLockTimeout(error)) {
      await this.lookForLocks(drafts);
      if (drafts.some(({ roomId }) => this.lockedRooms.has(roomId))) return this.appendPassing(drafts);
    } else if (toChatError(error).code === 'database_unavailable') {
      // No draft's fault; tried one by one, they would keep their senders waiting.
      throw error;
    }
    if (drafts.length === 1) throw error;
    return this.appendApart(drafts);
  }

  private async lookForLocks(drafts: readonly Draft[]): Promise<void> {
    // Those that were locked, too: nobody may ever write there again, and one of them has all drafts looked at.
    const roomIds = [...new Set([...drafts.map(({ roomId }) => roomId), ...this.lockedRooms])];
    const locked = await this.onConnection((client) =>
      new LogWriter(client).findLocked(roomIds).catch((error: unknown) => {
        throw isConnectionLoss(error) ? unavailable('not_stored', error) : error;
      }),
    );
    this.lockedRooms.clear();
    for (const roomId of locked) this.lockedRooms.add(roomId);
  }

  /** The short way for the rooms that can take it; the long way for the others, and where rights may have changed. */
  private async appendTogether(drafts: readonly Draft[]): Promise<Result[]> {
    const plain = inPlainRooms(drafts);
    if (plain.length === 0) return this.appendChecked(drafts);
    let inserted: (Appended | null)[];
    try {
      inserted = await this.insertPlain(plain);
    } catch (error) {
      if (isUniqueViolation(error, 'messages_client_msg_id_key')) return this.appendChecked(drafts);
      throw error;
    }
    if (plain.length === drafts.length && areAllStored(inserted)) return inserted;

    const stored = new Map(plain.map((draft, index): [Draft, Appended | null] => [draft, inserted[index]!]));
    const left = drafts.filter((draft) => !stored.get(draft));
    // What is stored is stored, whatever becomes of the others.
    const checked = await this.appendChecked(left)
      .catch((error: unknown) => this.appendAfter(error, left))
      .catch(asFailedChange);
    const results = new Map(
      left.map((draft, index) => [draft, checked instanceof ChatError ? checked : checked[index]!]),
    );
    return drafts.map((draft) => stored.get(draft) ?? results.get(draft)!);
  }

  /** One statement. Nobody can tell whether it was committed if the connection breaks. */
  private insertPlain(drafts: readonly MessageDraft[]): Promise<(Appended | null)[]> {
    return this.onConnection((client) =>
      new LogWriter(client).insertPlain(drafts).catch((error: unknown) => {
        throw isConnectionLoss(error) ? unavailable('unknown', error) : error;
      }),
    );
  }

  /** Locks first, looks up what is stored already and what the authors may do, then writes. */
  private appendChecked(drafts: readonly Draft[]): Promise<Result[]> {
    return this.onConnection(async (client) => {
      const writer = new LogWriter(client);
      try {
        await client.query('BEGIN');
        const state = await writer.lock(drafts);
        const batch = new LogBatch(state, this.limits);
        const results = drafts.map((draft) => batch.apply(draft));
        await writer.write(batch, state.now);
        await client.query('COMMIT').catch((error: unknown) => {
          throw isConnectionLoss(error) ? unavailable('unknown', error) : error;
        });
        return results;
      } catch (error) {
        if (error instanceof ChatError) throw error;
        if (isConnectionLoss(error)) throw unavailable('not_stored', error);
        await client.query('ROLLBACK').catch((lost: unknown) => {
          throw unavailable('not_stored', lost);
        });
        throw error;
      }
    });
  }

  /**
   * One room, or one row, made the whole fail: room by room, then one by one, so that it fails alone. Once the database
   * fails one of them, the rest is refused untried: each try might take seconds.
   */
  private async appendApart(drafts: readonly Draft[]): Promise<Result[]> {
    const rooms = new Set(drafts.map(({ roomId }) => roomId));
    const results = new Map<Draft, Result>();
    let failure: ChatError | null = null;
    for (const roomId of rooms) {
      const ofRoom = drafts.filter((draft) => draft.roomId === roomId);
      for (const group of rooms.size > 1 ? [ofRoom] : ofRoom.map((draft) => [draft])) {
        const outcome: Result[] | ChatError = failure
          ? unavailable('not_stored', failure)
          : await this.appendAll(group).catch(asFailedChange);
        if (outcome instanceof ChatError && outcome.code === 'database_unavailable') failure = outcome;
        group.forEach((draft, index) =>
          results.set(draft, outcome instanceof ChatError ? outcome : outcome[index]!),
        );
      }
    }
    return drafts.map((draft) => results.get(draft)!);
  }

  /** A connection that failed is not used again. */
  private async onConnection<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    // Awaiting only what is not there already: the statement of the next group goes out before the last one is announced.
    const client = this.connection.current ?? (await this.connect());
    try {
      return await work(client);
    } catch (error) {
      const isBroken = error instanceof ChatError || databaseErrorCode(error) === undefined;
      if (isBroken) this.connection.discard(client);
      throw error;
    }
  }

  private connect(): Promise<PoolClient> {
    return this.connection.connect().catch((error: unknown) => {
      throw unavailable('not_stored', error);
    });
  }
}

function unavailable(outcome: 'not_stored' | 'unknown', cause: unknown): ChatError {
  return new ChatError('database_unavailable', { outcome, cause });
}

/** What PostgreSQL itself answered with an error was rolled back; of any other error nobody knows. */
function asFailedChange(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  const outcome = error instanceof DatabaseError ? 'not_stored' : 'unknown';
  return new ChatError(toChatError(error).code, { outcome, cause: error });
}

/** The drafts of rooms for which there are but new messages that answer none, under one version of the room's rights. */
function inPlainRooms(drafts: readonly Draft[]): MessageDraft[] {
  const versions = new Map<number, number>();
  const others = new Set<number>();
  for (const draft of drafts) {
    const version = versions.get(draft.roomId) ?? draft.accessVersion;
    versions.set(draft.roomId, version);
    if (!isPlain(draft) || version !== draft.accessVersion) others.add(draft.roomId);
  }
  return drafts.filter((draft): draft is MessageDraft => !others.has(draft.roomId));
}

function areAllStored(inserted: (Appended | null)[]): inserted is Appended[] {
  return !inserted.includes(null);
}

function isPlain(draft: Draft): boolean {
  return draft.kind === 'message' && draft.replyToId === null && !draft.isSlowed;
}
