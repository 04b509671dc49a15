import { Body, Controller, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { CurrentPrincipal } from '../auth/current-principal.decorator';
import { Roles } from '../auth/roles.guard';
import { ApiAnswer } from '../common/api-answer.decorator';
import { ApiProblems } from '../common/api-problems.decorator';
import type { Principal } from '../common/principal';
import { IdPipe } from '../common/validation/id.pipe';
import { ID_MAX } from '../common/validation/is-id';
import type { FiledReport, Report, ReportPage } from '../protocol/moderation';
import { DecideReportDto } from './dto/decide-report.dto';
import { FileReportDto } from './dto/file-report.dto';
import { ListReportsQuery } from './dto/list-reports.query.dto';
import { MODERATION_PAGE_DEFAULT } from './dto/moderation-page.query.dto';
import { ReportService } from './report.service';

const longId = new IdPipe(ID_MAX);

@ApiTags('moderation')
@ApiBearerAuth()
@Controller()
export class ReportController {
  constructor(private readonly reports: ReportService) {}

  /**
   * Reports somebody else's message to the administrators.
   *
   * They are shown the message, also one of a private room. A message is reported once: repeated, the call is
   * answered with the first report and 200.
   */
  @Post('rooms/:id/messages/:message_id/reports')
  @ApiAnswer(201, 'FiledReport', 'Reported')
  @ApiAnswer(200, 'FiledReport', 'You reported it before')
  @ApiProblems(
    'forbidden',
    'banned',
    'room_not_found',
    'message_not_found',
    'message_deleted',
    'rate_limited',
  )
  async file(
    @CurrentPrincipal() principal: Principal,
    @Param('id', IdPipe) roomId: number,
    @Param('message_id', longId) messageId: number,
    @Body() body: FileReportDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<FiledReport> {
    const { report, isNew } = await this.reports.file(principal, roomId, messageId, body.reason);
    response.status(isNew ? 201 : 200);
    return report;
  }

  /** Reports, newest first, each with its message as it is now; for administrators. */
  @Get('reports')
  @Roles('admin')
  @ApiAnswer(200, 'ReportPage', 'A page of reports')
  @ApiProblems('forbidden')
  list(@Query() { status, cursor, limit = MODERATION_PAGE_DEFAULT }: ListReportsQuery): Promise<ReportPage> {
    return this.reports.list({ status, before: cursor, limit });
  }

  /** Decides a report, as an administrator. It can be decided anew; the audit log keeps each decision. */
  @Patch('reports/:id')
  @Roles('admin')
  @ApiAnswer(200, 'Report', 'The report as it is now')
  @ApiProblems('forbidden', 'report_not_found')
  decide(
    @CurrentPrincipal() principal: Principal,
    @Param('id', longId) id: number,
    @Body() body: DecideReportDto,
  ): Promise<Report> {
    return this.reports.decide(principal, id, body);
  }
}
