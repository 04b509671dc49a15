import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { CurrentPrincipal } from '../auth/current-principal.decorator';
import { ApiAnswer, ApiNoContent } from '../common/api-answer.decorator';
import { ApiProblems } from '../common/api-problems.decorator';
import type { Principal } from '../common/principal';
import { IdPipe } from '../common/validation/id.pipe';
import type { Member, MemberPage, Room } from '../protocol/models';
import { PAGE_DEFAULT, PageQuery } from './dto/page.query.dto';
import { SetRoleDto } from './dto/set-role.dto';
import { MemberService } from './member.service';

@ApiTags('rooms')
@ApiBearerAuth()
@ApiProblems('banned')
@Controller('rooms/:id')
export class MemberController {
  constructor(private readonly members: MemberService) {}

  /** Makes you a member of a public room. Sending a message to it does the same. */
  @Post('join')
  @HttpCode(200)
  @ApiAnswer(200, 'Room', 'The room, with your membership')
  @ApiProblems('room_not_found', 'limit_reached')
  join(@CurrentPrincipal() principal: Principal, @Param('id', IdPipe) roomId: number): Promise<Room> {
    return this.members.join(principal, roomId);
  }

  /** Ends your membership, unless you are the last owner, or one of the two in a direct room. */
  @Post('leave')
  @HttpCode(204)
  @ApiNoContent('Left')
  @ApiProblems('room_not_found', 'last_owner', 'forbidden')
  leave(@CurrentPrincipal() principal: Principal, @Param('id', IdPipe) roomId: number): Promise<void> {
    return this.members.leave(principal, roomId);
  }

  /** The members of a room that you may see, by user id. */
  @Get('members')
  @ApiAnswer(200, 'MemberPage', 'A page of members')
  @ApiProblems('room_not_found')
  list(
    @CurrentPrincipal() principal: Principal,
    @Param('id', IdPipe) roomId: number,
    @Query() { cursor = 0, limit = PAGE_DEFAULT }: PageQuery,
  ): Promise<MemberPage> {
    return this.members.list(principal, roomId, cursor, limit);
  }

  /** Adds a user, or changes a member's role: owners and administrators freely, moderators plain members only. */
  @Put('members/:user_id')
  @ApiAnswer(200, 'Member', 'The member as it is now')
  @ApiAnswer(201, 'Member', 'The new member')
  @ApiProblems('forbidden', 'room_not_found', 'user_not_found', 'last_owner', 'user_banned', 'limit_reached')
  async setRole(
    @CurrentPrincipal() principal: Principal,
    @Param('id', IdPipe) roomId: number,
    @Param('user_id', IdPipe) userId: number,
    @Body() body: SetRoleDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Member> {
    const { member, isNew } = await this.members.setRole(principal, roomId, userId, body.role);
    response.status(isNew ? 201 : 200);
    return member;
  }

  /** Removes a member: owners and administrators anyone, moderators plain members only. Its sockets close with 4403. */
  @Delete('members/:user_id')
  @HttpCode(204)
  @ApiNoContent('Not a member any more')
  @ApiProblems('forbidden', 'room_not_found', 'last_owner')
  remove(
    @CurrentPrincipal() principal: Principal,
    @Param('id', IdPipe) roomId: number,
    @Param('user_id', IdPipe) userId: number,
  ): Promise<void> {
    return this.members.remove(principal, roomId, userId);
  }
}
