import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal } from '../auth/current-principal.decorator';
import { ApiAnswer, ApiNoContent } from '../common/api-answer.decorator';
import { ApiProblems } from '../common/api-problems.decorator';
import type { Principal } from '../common/principal';
import { IdPipe } from '../common/validation/id.pipe';
import type { Invite, NewInvite } from '../protocol/invites';
import type { Room } from '../protocol/models';
import { CreateInviteDto } from './dto/create-invite.dto';
import { InviteService } from './invite.service';

@ApiTags('rooms')
@ApiBearerAuth()
@Controller()
export class InviteController {
  constructor(private readonly invites: InviteService) {}

  /** Makes an invite, as an owner, a moderator, or a member who is an administrator. Its code is told this once. */
  @Post('rooms/:id/invites')
  @ApiAnswer(201, 'NewInvite', 'The invite, with its code')
  @ApiProblems('forbidden', 'room_not_found', 'banned', 'limit_reached')
  create(
    @CurrentPrincipal() principal: Principal,
    @Param('id', IdPipe) roomId: number,
    @Body() { max_uses: maxUses = null, expires_at }: CreateInviteDto,
  ): Promise<NewInvite> {
    const expiresAt = expires_at ? new Date(expires_at) : null;
    return this.invites.create(principal, roomId, { maxUses, expiresAt });
  }

  /** The invites that can still be used, by id. */
  @Get('rooms/:id/invites')
  @ApiAnswer(200, 'InviteList', 'The invites, without their codes')
  @ApiProblems('forbidden', 'room_not_found', 'banned')
  list(@CurrentPrincipal() principal: Principal, @Param('id', IdPipe) roomId: number): Promise<Invite[]> {
    return this.invites.list(principal, roomId);
  }

  /** Revokes an invite; those who came by it stay. */
  @Delete('rooms/:id/invites/:invite_id')
  @HttpCode(204)
  @ApiNoContent('Revoked')
  @ApiProblems('forbidden', 'room_not_found', 'banned')
  revoke(
    @CurrentPrincipal() principal: Principal,
    @Param('id', IdPipe) roomId: number,
    @Param('invite_id', IdPipe) inviteId: number,
  ): Promise<void> {
    return this.invites.revoke(principal, roomId, inviteId);
  }

  /** Makes you a member of the room that the code is for. */
  @Post('invites/:code/accept')
  @HttpCode(200)
  @ApiAnswer(200, 'Room', 'The room, with your membership')
  @ApiProblems('invite_not_found', 'limit_reached')
  accept(@CurrentPrincipal() principal: Principal, @Param('code') code: string): Promise<Room> {
    return this.invites.accept(principal, code);
  }
}
