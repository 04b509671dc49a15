import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config';
import { ROOM_MENTION } from '../protocol/limits';
import type { DraftMentions } from '../realtime/room-log';
import type { RoomGrant } from '../rooms/room-access.service';
import { MentionRepository } from './mention.repository';
import { mentionedNames } from './mention-names';

/** Whom a text mentions. */
@Injectable()
export class Mentions {
  constructor(
    private readonly repository: MentionRepository,
    private readonly config: AppConfig,
  ) {}

  /**
   * Looks up, in one query, the users whom a text names, under the rights of the grant. Null if it names nobody: for a
   * text without an `@` at once, without a promise. Who may not be named there is as good as nobody.
   */
  of(grant: RoomGrant, content: string): Promise<DraftMentions | null> | null {
    return content.includes('@') ? this.find(grant, content) : null;
  }

  private async find(grant: RoomGrant, content: string): Promise<DraftMentions | null> {
    const readings = mentionedNames(content, this.config.limits.mentions_max);
    const names = [...new Set(readings.flat())].filter((name) => name !== ROOM_MENTION);
    const ids: ReadonlyMap<string, number> =
      names.length > 0 ? await this.repository.findIds(grant, names) : new Map();
    const meant = readings.map((names) => names.find((name) => name === ROOM_MENTION || ids.has(name)));

    const room = grant.canModerate && meant.includes(ROOM_MENTION);
    const userIds = new Set(meant.flatMap((name) => (name === undefined ? [] : (ids.get(name) ?? []))));
    return userIds.size > 0 || room ? { userIds: [...userIds], room } : null;
  }
}
