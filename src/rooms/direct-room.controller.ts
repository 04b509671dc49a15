import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { CurrentPrincipal } from '../auth/current-principal.decorator';
import { ApiAnswer } from '../common/api-answer.decorator';
import { ApiProblems } from '../common/api-problems.decorator';
import type { Principal } from '../common/principal';
import type { Room } from '../protocol/models';
import { DirectRoomService } from './direct-room.service';
import { OpenDirectRoomDto } from './dto/open-direct-room.dto';

@ApiTags('rooms')
@ApiBearerAuth()
@Controller('rooms/direct')
export class DirectRoomController {
  constructor(private readonly directRooms: DirectRoomService) {}

  /** The one room of you and another user; to each of you it has the other's name, and nobody leaves it or is added. */
  @Post()
  @ApiAnswer(200, 'Room', 'Your room')
  @ApiAnswer(201, 'Room', 'Your new room')
  @ApiProblems('user_not_found')
  async open(
    @CurrentPrincipal() principal: Principal,
    @Body() body: OpenDirectRoomDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Room> {
    const { room, isNew } = await this.directRooms.open(principal, body.user_id);
    response.status(isNew ? 201 : 200);
    return room;
  }
}
