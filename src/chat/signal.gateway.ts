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
    const [roomId, { principal }, { request_id, message_id }] = [
      roomOf(connection, frame),
      connection,
      frame,
    ];
    if (request_id === undefined) {
      await this.marks.move(principal, roomId, message_id);
      return;
    }
    // The answer to the request is what this socket hears of it, whether the mark has moved or not.
    const { last_read_id } = await this.marks.move(principal, roomId, message_id, { answered: connection });
    const data = { room_id: roomId, user_id: principal.userId, message_id: last_read_id };
    return { type: 'read', request_id, data };
  }
}
