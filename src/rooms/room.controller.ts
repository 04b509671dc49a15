import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal } from '../auth/current-principal.decorator';
import { ApiAnswer, ApiNoContent } from '../common/api-answer.decorator';
import { ApiProblems } from '../common/api-problems.decorator';
import type { Principal } from '../common/principal';
import { IdPipe } from '../common/validation/id.pipe';
import type { Room, RoomPage } from '../protocol/models';
import { CreateRoomDto } from './dto/create-room.dto';
import { ListRoomsQuery, roomPageSize } from './dto/list-rooms.query.dto';
import { UpdateRoomDto } from './dto/update-room.dto';
import { RoomService } from './room.service';

@ApiTags('rooms')
@ApiBearerAuth()
@Controller('rooms')
export class RoomController {
  constructor(private readonly rooms: RoomService) {}

  /** Public rooms and your own, by id, each with what you have to do with it. */
  @Get()
  @ApiAnswer(200, 'RoomPage', 'A page of rooms')
  @ApiProblems('server_busy')
  list(@CurrentPrincipal() principal: Principal, @Query() query: ListRoomsQuery): Promise<RoomPage> {
    const { cursor = 0, search, joined = false } = query;
    return this.rooms.list(principal, { after: cursor, limit: roomPageSize(query), search, joined });
  }

  /** Makes a room; you become its owner. */
  @Post()
  @ApiAnswer(201, 'Room', 'The new room')
  @ApiProblems('forbidden', 'room_name_taken', 'limit_reached')
  create(@CurrentPrincipal() principal: Principal, @Body() body: CreateRoomDto): Promise<Room> {
    const { name, description = null, visibility = 'public' } = body;
    return this.rooms.create(principal, { name, description, visibility });
  }

  /** One room. A private one is answered to its members only. */
  @Get(':id')
  @ApiAnswer(200, 'Room', 'The room')
  @ApiProblems('room_not_found', 'banned')
  get(@CurrentPrincipal() principal: Principal, @Param('id', IdPipe) roomId: number): Promise<Room> {
    return this.rooms.get(principal, roomId);
  }

  /** Changes a room, as an owner, a moderator or an administrator. */
  @Patch(':id')
  @ApiAnswer(200, 'Room', 'The room as it is now')
  @ApiProblems('forbidden', 'banned', 'room_not_found', 'room_name_taken')
  update(
    @CurrentPrincipal() principal: Principal,
    @Param('id', IdPipe) roomId: number,
    @Body() { slow_mode_seconds: slowModeSeconds, ...changes }: UpdateRoomDto,
  ): Promise<Room> {
    return this.rooms.update(principal, roomId, {
      ...changes,
      ...(slowModeSeconds !== undefined && { slowModeSeconds }),
    });
  }

  /**
   * Archives a room, as an owner or an administrator: it leaves the lists, nobody writes there any more, its sockets close
   * with 4404, and its log stays readable for its members.
   */
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContent('Archived')
  @ApiProblems('forbidden', 'banned', 'room_not_found')
  archive(@CurrentPrincipal() principal: Principal, @Param('id', IdPipe) roomId: number): Promise<void> {
    return this.rooms.archive(principal, roomId);
  }
}
