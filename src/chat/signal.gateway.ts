import { UseFilters } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { Connection } from '../realtime/connection';
import { ReadMarks } from '../rooms/read-marks.service';
import { ReadFrameDto, TypingFrameDto } from './dto/signal-frames.dto';
import type { FrameAnswer } from './chat.gateway';
import { roomOf } from './frame-room';
import { RethrowFilter } from './rethrow.filter';
import { TypingService } from './typing.service';

/** The frames by which people let each other know what they do: they change no log. */
@UseFilters(RethrowFilter)
@WebSocketGateway()
export class SignalGateway {
  constructor(
    private readonly typing: TypingService,
    private readonly marks: ReadMarks,
  ) {}

  @SubscribeMessage('typing')
  async type(@ConnectedSocket() connection: Connection, @MessageBody() frame: TypingFrameDto): Promise<void> {
    await this.typing.type(connection.principal, roomOf(connection, frame));
  }

  @SubscribeMessage('read')
  async read(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: ReadFrameDto,
  ): Promise<FrameAnswer> {
    const { principal } = connection;
    const { request_id, message_id } = frame;
    const roomId = roomOf(connection, frame);
    // The answer to the request is what this socket hears of it, whether the mark has moved or not.
    const answered = request_id === undefined ? undefined : connection;
    const { last_read_id } = await this.marks.move(principal, roomId, message_id, answered);
    if (!answered) return;
    return {
      type: 'read',
      request_id,
      data: { room_id: roomId, user_id: principal.userId, message_id: last_read_id },
    };
  }
}
