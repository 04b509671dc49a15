import { Module } from '@nestjs/common';
import { AuditModule } from '../moderation/audit.module';
import { AccessCache } from './access-cache';
import { AccessRepository } from './access.repository';
import { DirectRoomController } from './direct-room.controller';
import { DirectRoomService } from './direct-room.service';
import { InviteController } from './invite.controller';
import { InviteRepository } from './invite.repository';
import { InviteService } from './invite.service';
import { MemberChanges } from './member-changes';
import { MemberController } from './member.controller';
import { MemberRepository } from './member.repository';
import { MemberService } from './member.service';
import { OpenReaders } from './open-readers';
import { OwnDevices } from './own-devices';
import { ReadMarkRepository } from './read-mark.repository';
import { ReadMarks } from './read-marks.service';
import { ReaderController } from './reader.controller';
import { ReaderRepository } from './reader.repository';
import { RestrictionController } from './restriction.controller';
import { RestrictionRepository } from './restriction.repository';
import { RestrictionService } from './restriction.service';
import { RightsChanges } from './rights-changes';
import { RoomAccess } from './room-access.service';
import { RoomEvents } from './room-events';
import { RoomLimits } from './room-limits';
import { RoomSeed } from './room-seed';
import { RoomController } from './room.controller';
import { RoomRepository } from './room.repository';
import { RoomService } from './room.service';

/** Rooms and who is in them. */
@Module({
  imports: [AuditModule],
  controllers: [
    DirectRoomController,
    RoomController,
    InviteController,
    MemberController,
    ReaderController,
    RestrictionController,
  ],
  providers: [
    AccessCache,
    AccessRepository,
    DirectRoomService,
    InviteRepository,
    InviteService,
    MemberChanges,
    MemberRepository,
    MemberService,
    OpenReaders,
    OwnDevices,
    ReadMarkRepository,
    ReadMarks,
    ReaderRepository,
    RestrictionRepository,
    RestrictionService,
    RightsChanges,
    RoomAccess,
    RoomEvents,
    RoomLimits,
    RoomRepository,
    RoomSeed,
    RoomService,
  ],
  exports: [MemberChanges, RightsChanges, RoomEvents, MemberService, ReadMarks, RoomAccess, RoomService],
})
export class RoomsModule {}
