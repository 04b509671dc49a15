import { Module } from '@nestjs/common';
import { RoomsModule } from '../rooms/rooms.module';
import { AuditController } from './audit.controller';
import { AuditModule } from './audit.module';
import { ReportController } from './report.controller';
import { ReportRepository } from './report.repository';
import { ReportService } from './report.service';

/** Reports of messages, and what administrators see of all moderation. */
@Module({
  imports: [AuditModule, RoomsModule],
  controllers: [AuditController, ReportController],
  providers: [ReportRepository, ReportService],
})
export class ModerationModule {}
