import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../auth/roles.guard';
import { ApiAnswer } from '../common/api-answer.decorator';
import { ApiProblems } from '../common/api-problems.decorator';
import type { AuditPage } from '../protocol/moderation';
import { AuditLog } from './audit-log';
import { ListAuditQuery } from './dto/list-audit.query.dto';
import { MODERATION_PAGE_DEFAULT } from './dto/moderation-page.query.dto';

@ApiTags('moderation')
@ApiBearerAuth()
@Roles('admin')
@Controller('audit')
export class AuditController {
  constructor(private readonly audit: AuditLog) {}

  /** What administrators and moderators did, newest first; for administrators. */
  @Get()
  @ApiAnswer(200, 'AuditPage', 'A page of the audit log')
  @ApiProblems('forbidden')
  list(@Query() query: ListAuditQuery): Promise<AuditPage> {
    const { action, actor_id: actorId, room_id: roomId, cursor, limit = MODERATION_PAGE_DEFAULT } = query;
    const filter = {
      ...(action !== undefined && { action }),
      ...(actorId !== undefined && { actorId }),
      ...(roomId !== undefined && { roomId }),
    };
    return this.audit.page(filter, cursor, limit);
  }
}
