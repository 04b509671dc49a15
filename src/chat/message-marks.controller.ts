import { Controller, Delete, HttpCode, Param, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal } from '../auth/current-principal.decorator';
import { ApiAnswer, ApiNoContent } from '../common/api-answer.decorator';
import { ApiProblems } from '../common/api-problems.decorator';
import type { Principal } from '../common/principal';
import { IdPipe } from '../common/validation/id.pipe';
import { ID_MAX } from '../common/validation/is-id';
import type { Message } from '../protocol/models';
import { ChatService } from './chat.service';

const messageId = new IdPipe(ID_MAX);

/** What people put on a message: reactions, and the pins of moderators. */
@ApiTags('messages')
@ApiBearerAuth()
@ApiProblems('room_not_found', 'message_not_found', 'message_deleted', 'banned', 'server_busy')
@Controller('rooms/:room_id/messages/:message_id')
export class MessageMarksController {
  constructor(private readonly chat: ChatService) {}

  @ApiOperation({
    summary: 'React with an emoji',
    description:
      'Any single emoji, percent-encoded; up to {reactions_max} different ones on a message. For members.',
  })
  @ApiAnswer(200, 'Message', 'With the reaction.')
  @ApiProblems('not_a_member', 'muted', 'limit_reached')
  @Put('reactions/:emoji')
  async react(
    @CurrentPrincipal() principal: Principal,
    @Param('room_id', IdPipe) roomId: number,
    @Param('message_id', messageId) id: number,
    @Param('emoji') emoji: string,
  ): Promise<Message> {
    const { message } = await this.chat.react(principal, roomId, id, { emoji, isOn: true });
    return message;
  }

  @ApiOperation({ summary: 'Take your reaction back' })
  @ApiNoContent('Without the reaction.')
  @ApiProblems('not_a_member', 'muted')
  @HttpCode(204)
  @Delete('reactions/:emoji')
  async unreact(
    @CurrentPrincipal() principal: Principal,
    @Param('room_id', IdPipe) roomId: number,
    @Param('message_id', messageId) id: number,
    @Param('emoji') emoji: string,
  ): Promise<void> {
    await this.chat.react(principal, roomId, id, { emoji, isOn: false });
  }

  @ApiOperation({ summary: 'Pin a message', description: 'Up to {pins_max} in a room. For moderators.' })
  @ApiAnswer(200, 'Message', 'Pinned.')
  @ApiProblems('forbidden', 'limit_reached')
  @Put('pin')
  async pin(
    @CurrentPrincipal() principal: Principal,
    @Param('room_id', IdPipe) roomId: number,
    @Param('message_id', messageId) id: number,
  ): Promise<Message> {
    const { message } = await this.chat.pin(principal, roomId, id, true);
    return message;
  }

  @ApiOperation({ summary: 'Unpin a message' })
  @ApiNoContent('Not pinned.')
  @ApiProblems('forbidden')
  @HttpCode(204)
  @Delete('pin')
  async unpin(
    @CurrentPrincipal() principal: Principal,
    @Param('room_id', IdPipe) roomId: number,
    @Param('message_id', messageId) id: number,
  ): Promise<void> {
    await this.chat.pin(principal, roomId, id, false);
  }
}
