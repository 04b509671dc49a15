import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type FindOptionsWhere, LessThan } from 'typeorm';
import type { AuditAction } from '../protocol/audit-actions';
import type { AuditEntry, AuditPage } from '../protocol/moderation';
import { AuditEntryEntity } from './audit-entry.entity';
import { type AuditedAct, insertActs } from './audited-act';

/** Which acts are asked for; all where nothing is said. */
export interface AuditFilter {
  action?: AuditAction;
  actorId?: number;
  roomId?: number;
}

/**
 * What administrators and moderators did: who, what, whom, why, when. It only grows.
 *
 * An act is recorded in the transaction that does it, so there is no act without its record and no record of an act
 * that failed. Whoever does the act calls `record`, within its own transaction.
 */
@Injectable()
export class AuditLog {
  constructor(private readonly database: DataSource) {}

  /** Records an act within the transaction of `manager`; with null, on its own. Takes no lock. */
  async record(manager: EntityManager | null, act: AuditedAct): Promise<void> {
    const { text, values } = insertActs([act]);
    await (manager ?? this.database.manager).query(text, values);
  }

  /** Newest first, below the entry `before`. */
  async page(filter: AuditFilter, before: number | undefined, limit: number): Promise<AuditPage> {
    const where: FindOptionsWhere<AuditEntryEntity> = { ...filter };
    if (before !== undefined) where.id = LessThan(before);
    const rows = await this.database.manager.find(AuditEntryEntity, {
      where,
      order: { id: 'DESC' },
      take: limit + 1,
    });
    const entries = rows.slice(0, limit).map(toAuditEntry);
    const has_more = rows.length > limit;
    return { entries, has_more, next_cursor: has_more ? entries[limit - 1]!.id : null };
  }
}

function toAuditEntry(row: AuditEntryEntity): AuditEntry {
  return {
    id: row.id,
    action: row.action,
    actor_id: row.actorId,
    target_user_id: row.targetUserId,
    room_id: row.roomId,
    message_id: row.messageId,
    reason: row.reason,
    details: row.details,
    created_at: row.createdAt.toISOString(),
  };
}
