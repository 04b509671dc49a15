import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { AccessTokens } from '../../auth/access-token.service';
import { Principals } from '../../auth/principals';
import { INT4_MAX, parseCanonicalInteger } from '../../common/canonical-integer';
import { ChatError } from '../../common/chat-error';
import { Clock } from '../../common/clock';
import type { Principal } from '../../common/principal';
import { AppConfig } from '../../config/app-config';
import { ConnectionRegistry } from '../../realtime/connection-registry';
import { Drain } from '../../realtime/drain';
import { RoomAccess } from '../../rooms/room-access.service';
import type { Opening } from '../../chat/chat.gateway';
import { allowedOrigins } from '../allowed-origins';
import { tokenOf } from './handshake-token';
import { UpgradePace } from './upgrade-pace';

/** A client that may open a socket. */
export interface Admission {
  principal: Principal;
  /** Milliseconds since the epoch. */
  tokenExpiresAt: number;
  /** Null for the many-room socket. */
  homeRoomId: number | null;
  opening: Opening;
}

const DOOR = /^\/api\/v1\/ws(?:\/([^/]+))?\/?$/;

/** Judges a handshake before the upgrade, so that every refusal is an HTTP answer. */
@Injectable()
export class UpgradeGate {
  private readonly origins: ReadonlySet<string>;
  private readonly pace: UpgradePace;

  constructor(
    private readonly config: AppConfig,
    private readonly tokens: AccessTokens,
    private readonly principals: Principals,
    private readonly access: RoomAccess,
    private readonly connections: ConnectionRegistry,
    private readonly drain: Drain,
    clock: Clock,
  ) {
    this.origins = new Set(allowedOrigins(config));
    const { upgradesPerSecond: perSecond, upgradesBurst: burst } = config;
    this.pace = new UpgradePace(clock, { perSecond, burst });
  }

  /** Throws a `ChatError` if the client may not come in. The cheap questions come first, the database last. */
  async admit(request: IncomingMessage): Promise<Admission> {
    const { pathname, searchParams } = this.addressOf(request);
    const door = DOOR.exec(pathname);
    if (!door) throw new ChatError('not_found');
    this.checkVacancy();
    this.checkOrigin(request);
    const token = tokenOf(request, searchParams);
    const homeRoomId = door[1] === undefined ? null : integerOf('room_id', door[1], 1, INT4_MAX);
    const opening = openingOf(searchParams, homeRoomId);
    // Whoever has no token takes nobody's turn.
    this.tokens.verify(token);
    return this.pace.keep(async () => {
      const { principal, expiresAt } = await this.principals.authenticate(token);
      if (homeRoomId !== null) await this.access.reading(principal, homeRoomId);
      return { principal, tokenExpiresAt: expiresAt.getTime(), homeRoomId, opening };
    });
  }

  /**
   * Throws `draining` or `server_busy` if the node takes nobody now. To be asked once more right before the socket
   * opens: a handshake waits for the database, and many may wait together.
   */
  checkVacancy(): void {
    if (this.drain.isDraining) throw new ChatError('draining');
    if (this.connections.size >= this.config.connectionsMax) throw new ChatError('server_busy');
  }

  private addressOf(request: IncomingMessage): URL {
    try {
      return new URL(request.url ?? '/', 'http://localhost');
    } catch {
      throw new ChatError('not_found');
    }
  }

  /** A browser tells where its page is from; others send no `Origin`. What `Host` says is the client's word alone. */
  private checkOrigin({ headers: { origin } }: IncomingMessage): void {
    if (origin !== undefined && !this.origins.has(origin)) throw new ChatError('origin_not_allowed');
  }
}

function openingOf(query: URLSearchParams, homeRoomId: number | null): Opening {
  const [afterSeq, ...others] = query.getAll('after_seq');
  if (homeRoomId === null || afterSeq === undefined) return {};
  if (others.length > 0) throw ChatError.invalid('after_seq', 'must be given once');
  return {
    afterSeq: integerOf('after_seq', afterSeq, 0, Number.MAX_SAFE_INTEGER),
    epoch: query.get('epoch') ?? undefined,
  };
}

function integerOf(field: string, text: string, min: number, max: number): number {
  const value = parseCanonicalInteger(text, { min, max });
  if (value === null) throw ChatError.invalid(field, `must be an integer from ${min} to ${max}`);
  return value;
}
