import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal } from '../auth/current-principal.decorator';
import { ApiAnswer, ApiNoContent } from '../common/api-answer.decorator';
import { ApiProblems } from '../common/api-problems.decorator';
import type { Principal } from '../common/principal';
import { IdPipe } from '../common/validation/id.pipe';
import type { Restriction, RestrictionPage } from '../protocol/models';
import { PAGE_DEFAULT, PageQuery } from './dto/page.query.dto';
import { BanDto, MuteDto } from './dto/restrict.dto';
import { RestrictionService } from './restriction.service';

/** Bans and mutes: by owners and administrators against anyone but themselves, by moderators against nobody of rank. */
@ApiTags('rooms')
@ApiBearerAuth()
@ApiProblems('forbidden', 'room_not_found', 'banned')
@Controller('rooms/:id')
export class RestrictionController {
  constructor(private readonly restrictions: RestrictionService) {}

  /** The bans that hold now, by user id: whom, why, until when, by whom and since when. */
  @Get('bans')
  @ApiAnswer(200, 'RestrictionPage', 'A page of bans')
  bans(
    @CurrentPrincipal() principal: Principal,
    @Param('id', IdPipe) roomId: number,
    @Query() { cursor: after = 0, limit = PAGE_DEFAULT }: PageQuery,
  ): Promise<RestrictionPage> {
    return this.restrictions.list(principal, roomId, 'ban', { after, limit });
  }

  /** The mutes that hold now, by user id. */
  @Get('mutes')
  @ApiAnswer(200, 'RestrictionPage', 'A page of mutes')
  mutes(
    @CurrentPrincipal() principal: Principal,
    @Param('id', IdPipe) roomId: number,
    @Query() { cursor: after = 0, limit = PAGE_DEFAULT }: PageQuery,
  ): Promise<RestrictionPage> {
    return this.restrictions.list(principal, roomId, 'mute', { after, limit });
  }

  /** Takes a user out of a room and keeps them out. Their sockets in it close with 4403. */
  @Put('bans/:user_id')
  @ApiAnswer(200, 'Restriction', 'The ban')
  @ApiProblems('user_not_found', 'last_owner')
  ban(
    @CurrentPrincipal() principal: Principal,
    @Param('id', IdPipe) roomId: number,
    @Param('user_id', IdPipe) userId: number,
    @Body() { reason, until }: BanDto,
  ): Promise<Restriction> {
    const order = { kind: 'ban', reason: reason || null, until: dateOf(until) } as const;
    return this.restrictions.restrict(principal, roomId, userId, order);
  }

  /** Lifts a ban; the user may come back, and is not brought back. */
  @Delete('bans/:user_id')
  @HttpCode(204)
  @ApiNoContent('Not banned any more')
  @ApiProblems('user_not_found')
  unban(
    @CurrentPrincipal() principal: Principal,
    @Param('id', IdPipe) roomId: number,
    @Param('user_id', IdPipe) userId: number,
  ): Promise<void> {
    return this.restrictions.lift(principal, roomId, userId, 'ban');
  }

  /** Lets a user read on, but neither send, edit nor react. */
  @Put('mutes/:user_id')
  @ApiAnswer(200, 'Restriction', 'The mute')
  @ApiProblems('user_not_found')
  mute(
    @CurrentPrincipal() principal: Principal,
    @Param('id', IdPipe) roomId: number,
    @Param('user_id', IdPipe) userId: number,
    @Body() { until }: MuteDto,
  ): Promise<Restriction> {
    const order = { kind: 'mute', reason: null, until: dateOf(until) } as const;
    return this.restrictions.restrict(principal, roomId, userId, order);
  }

  /** Lifts a mute. */
  @Delete('mutes/:user_id')
  @HttpCode(204)
  @ApiNoContent('Not muted any more')
  @ApiProblems('user_not_found')
  unmute(
    @CurrentPrincipal() principal: Principal,
    @Param('id', IdPipe) roomId: number,
    @Param('user_id', IdPipe) userId: number,
  ): Promise<void> {
    return this.restrictions.lift(principal, roomId, userId, 'mute');
  }
}

function dateOf(instant: string | null | undefined): Date | null {
  return instant ? new Date(instant) : null;
}
