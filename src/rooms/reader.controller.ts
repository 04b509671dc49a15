import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal } from '../auth/current-principal.decorator';
import { ApiAnswer } from '../common/api-answer.decorator';
import { ApiProblems } from '../common/api-problems.decorator';
import type { Principal } from '../common/principal';
import { IdPipe } from '../common/validation/id.pipe';
import type { PresenceState, ReadState } from '../protocol/models';
import { Presence } from '../realtime/presence';
import { MarkReadDto } from './dto/mark-read.dto';
import { ReadMarks } from './read-marks.service';
import { RoomAccess } from './room-access.service';

/** Who reads a room, and how far they have come. */
@ApiTags('rooms')
@ApiBearerAuth()
@Controller('rooms/:id')
export class ReaderController {
  constructor(
    private readonly access: RoomAccess,
    private readonly presence: Presence,
    private readonly marks: ReadMarks,
  ) {}

  /** Who reads the room over a socket now: each user once, and for a moment after their last socket went. */
  @Get('presence')
  @ApiAnswer(
    200,
    'PresenceState',
    'Who is online; `users` only where no more are online than the server lists',
  )
  @ApiProblems('room_not_found', 'banned')
  async online(
    @CurrentPrincipal() principal: Principal,
    @Param('id', IdPipe) roomId: number,
  ): Promise<PresenceState> {
    await this.access.reading(principal, roomId);
    return this.presence.of(roomId);
  }

  /** Moves your reading mark forward to a message; never back, and never past the newest. */
  @Put('read')
  @ApiAnswer(200, 'ReadState', 'How far you have read')
  @ApiProblems('not_a_member', 'room_not_found', 'banned')
  read(
    @CurrentPrincipal() principal: Principal,
    @Param('id', IdPipe) roomId: number,
    @Body() body: MarkReadDto,
  ): Promise<ReadState> {
    return this.marks.move(principal, roomId, body.message_id);
  }
}
