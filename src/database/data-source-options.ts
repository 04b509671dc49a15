import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { Pool, types, type CustomTypesConfig, type PoolConfig } from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { RefreshTokenEntity } from '../auth/refresh-token.entity';
import { SessionEntity } from '../auth/session.entity';
import { MessageMentionEntity } from '../chat/message-mention.entity';
import { MessageEntity } from '../chat/message.entity';
import type { AppConfig } from '../config/app-config';
import { AuditEntryEntity } from '../moderation/audit-entry.entity';
import { ReportEntity } from '../moderation/report.entity';
import { DirectRoomEntity } from '../rooms/direct-room.entity';
import { RoomInviteEntity } from '../rooms/room-invite.entity';
import { RoomMemberEntity } from '../rooms/room-member.entity';
import { RoomRestrictionEntity } from '../rooms/room-restriction.entity';
import { RoomEntity } from '../rooms/room.entity';
import { SlowedAuthorEntity } from '../rooms/slowed-author.entity';
import { SearchBacklogEntity } from '../search/search-backlog.entity';
import { SearchStretchEntity } from '../search/search-stretch.entity';
import { UserEntity } from '../users/user.entity';
import { MortalClient } from './mortal-client';

/** Together below the ten seconds within which a client must have its answer. */
const CONNECT_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 5_000;
/** The driver waits this much longer than PostgreSQL, which gives the better answer. */
const GRACE_MS = 1_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;
/** A connection may be silent for a night; what stands between forgets one that is silent for minutes, and tells nobody. */
const KEEP_ALIVE_AFTER_MS = 10_000;

const logger = new Logger('Database');

/** `bigint` as a number: our counters stay far below 2^53. For these pools alone; the driver's defaults stay. */
const TYPES: CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    const isInt8 = oid === types.builtins.INT8 && format !== 'binary';
    return isInt8 ? Number : (types.getTypeParser(oid, format) as (value: string) => unknown);
  },
};

/** How long a statement may take: by PostgreSQL, and by the driver, for a server that is frozen and cannot keep it. */
export function timeouts(limitMs: number): Required<Pick<PoolConfig, 'statement_timeout' | 'query_timeout'>> {
  return { statement_timeout: limitMs, query_timeout: limitMs + GRACE_MS };
}

/**
 * How every pool of the server connects. `config.databaseUrl` must be set: the embedded PostgreSQL
 * is started first and its URL put there.
 */
export function poolConfig(config: AppConfig): PoolConfig {
  if (config.databaseUrl === null)
    throw new Error('There is no database URL: PostgreSQL has not been started.');
  return {
    connectionString: config.databaseUrl,
    application_name: config.appName,
    max: config.databasePoolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...timeouts(STATEMENT_TIMEOUT_MS),
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    types: TYPES,
    Client: MortalClient,
    verify: (client, done) => MortalClient.verify(client, done),
  };
}

/** A pool beside TypeORM's, for a writer or reader that must not wait for requests. It survives a stopped PostgreSQL. */
export function createPool(config: AppConfig, overrides: PoolConfig = {}): Pool {
  const pool = new Pool({ ...poolConfig(config), ...overrides });
  // Without a listener, an idle connection that dies would end the process. One that is lent out is a `MortalClient`.
  pool.on('error', logLostConnection);
  return pool;
}

/** TypeORM's options for the server. */
export function dataSourceOptions(config: AppConfig): DataSourceOptions {
  return {
    type: 'postgres',
    extra: poolConfig(config),
    entities: [
      UserEntity,
      SessionEntity,
      RefreshTokenEntity,
      RoomEntity,
      RoomMemberEntity,
      RoomRestrictionEntity,
      SlowedAuthorEntity,
      DirectRoomEntity,
      RoomInviteEntity,
      MessageEntity,
      MessageMentionEntity,
      SearchBacklogEntity,
      SearchStretchEntity,
      ReportEntity,
      AuditEntryEntity,
    ],
    migrations: [join(__dirname, '../../migrations/*-*.{ts,js}')],
    migrationsTransactionMode: 'all',
    // Its messages carry statements with their parameters, which belong in no log.
    logging: false,
    poolErrorHandler: logLostConnection,
  };
}

/** The same for migrations, which may take their time. */
export function migrationOptions(config: AppConfig): DataSourceOptions {
  const unlimited = { statement_timeout: 0, query_timeout: 0, idle_in_transaction_session_timeout: 0 };
  return { ...dataSourceOptions(config), extra: { ...poolConfig(config), max: 2, ...unlimited } };
}

function logLostConnection(error: Error): void {
  logger.warn(`A connection to PostgreSQL was lost: ${error.message}`);
}
