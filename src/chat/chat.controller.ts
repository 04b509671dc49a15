import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { CurrentPrincipal } from '../auth/current-principal.decorator';
import { ApiAnswer, ApiNoContent } from '../common/api-answer.decorator';
import { ApiProblems } from '../common/api-problems.decorator';
import type { EncodedJson } from '../common/encoded-json';
import type { Principal } from '../common/principal';
import { IdPipe } from '../common/validation/id.pipe';
import { ID_MAX } from '../common/validation/is-id';
import type { ChangesPage, HistoryPage, Message } from '../protocol/models';
import { ChatService } from './chat.service';
import { ChangesQueryDto, HistoryQueryDto } from './dto/history.query.dto';
import { EditMessageDto, SendMessageDto } from './dto/message.dto';

const messageId = new IdPipe(ID_MAX);

@ApiTags('messages')
@ApiBearerAuth()
@ApiProblems('room_not_found', 'banned')
@Controller('rooms/:room_id')
export class ChatController {
  constructor(private readonly chat: ChatService) {}

  @ApiOperation({ summary: 'Read history, oldest first' })
  @ApiAnswer(200, 'HistoryPage', 'A page; `next_cursor` gives the next one in the same direction.')
  @Get('messages')
  history(
    @CurrentPrincipal() principal: Principal,
    @Param('room_id', IdPipe) roomId: number,
    @Query() query: HistoryQueryDto,
  ): Promise<EncodedJson<HistoryPage>> {
    return this.chat.history(principal, roomId, query);
  }

  @ApiOperation({ summary: 'Read what changed after a position' })
  @ApiAnswer(200, 'ChangesPage', 'Every changed message once, in its latest state, by `seq`.')
  @Get('changes')
  changes(
    @CurrentPrincipal() principal: Principal,
    @Param('room_id', IdPipe) roomId: number,
    @Query() query: ChangesQueryDto,
  ): Promise<ChangesPage> {
    return this.chat.changes(principal, roomId, query.after_seq, query.limit);
  }

  @ApiOperation({
    summary: 'Send a message',
    description:
      'Sending to a public room joins it. A `client_msg_id` that was sent before is answered with 200.',
  })
  @ApiAnswer(201, 'Message', 'Stored.')
  @ApiAnswer(200, 'Message', 'Stored before under this `client_msg_id`.')
  @ApiProblems(
    'message_empty',
    'message_too_long',
    'muted',
    'not_a_member',
    'limit_reached',
    'rate_limited',
    'server_busy',
  )
  @Post('messages')
  async send(
    @CurrentPrincipal() principal: Principal,
    @Param('room_id', IdPipe) roomId: number,
    @Body() body: SendMessageDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Message> {
    const { message, isDuplicate } = await this.chat.send(principal, roomId, {
      content: body.content,
      clientMsgId: body.client_msg_id,
      replyToId: body.reply_to_id,
    });
    response.status(isDuplicate ? 200 : 201);
    return message;
  }

  @ApiOperation({ summary: 'Read one message' })
  @ApiAnswer(200, 'Message', 'The message in its latest state.')
  @ApiProblems('message_not_found')
  @Get('messages/:message_id')
  get(
    @CurrentPrincipal() principal: Principal,
    @Param('room_id', IdPipe) roomId: number,
    @Param('message_id', messageId) id: number,
  ): Promise<Message> {
    return this.chat.get(principal, roomId, id);
  }

  @ApiOperation({ summary: 'Edit your message' })
  @ApiAnswer(200, 'Message', 'Its new state.')
  @ApiProblems(
    'message_empty',
    'message_too_long',
    'forbidden',
    'muted',
    'message_not_found',
    'message_deleted',
    'server_busy',
  )
  @Patch('messages/:message_id')
  async edit(
    @CurrentPrincipal() principal: Principal,
    @Param('room_id', IdPipe) roomId: number,
    @Param('message_id', messageId) id: number,
    @Body() body: EditMessageDto,
  ): Promise<Message> {
    const { message } = await this.chat.edit(principal, roomId, id, body.content);
    return message;
  }

  @ApiOperation({ summary: 'Delete your message, or as a moderator anyone’s' })
  @ApiNoContent('Deleted; the message keeps its place, without content.')
  @ApiProblems('forbidden', 'message_not_found', 'server_busy')
  @HttpCode(204)
  @Delete('messages/:message_id')
  async delete(
    @CurrentPrincipal() principal: Principal,
    @Param('room_id', IdPipe) roomId: number,
    @Param('message_id', messageId) id: number,
  ): Promise<void> {
    await this.chat.delete(principal, roomId, id);
  }
}
