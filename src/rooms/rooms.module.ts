import { Module } from '@nestjs/common';
import { AuditModule } from '../moderation/audit.module';
import { AccessCache } from './access-cache';
import { MemberController } from './member.controller';
import { MemberRepository } from './member.repository';
import { MemberService } from './member.service';
import { ReadMarkRepository } from './read-mark.repository';
import { ReadMarks } from './read-marks.service';
import { ReaderController } from './reader.controller';
import { RoomAccess } from './room-access.service';
import { RoomSeed } from './room-seed';
import { RoomController } from './room.controller';
import { RoomRepository } from './room.repository';
import { RoomService } from './room.service';

/** Rooms and who is in them. */
@Module({
  imports: [AuditModule],
  controllers: [RoomController, MemberController, ReaderController],
  providers: [
    AccessCache,
    MemberRepository,
    MemberService,
    ReadMarkRepository,
    ReadMarks,
    RoomAccess,
    RoomRepository,
    RoomSeed,
    RoomService,
  ],
  exports: [MemberService, ReadMarks, RoomAccess, RoomService],
})
export class RoomsModule {}
