import { UseFilters } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { Connection } from '../realtime/connection';
import { ReadMarks } from '../rooms/read-marks.service';
import { ReadFrameDto, TypingFrameDto } from './dto/signal-frames.dto';
import { roomOf } from './frame-room';
import { RethrowFilter } from './rethrow.filter';
import { TypingService } from './typing.service';

/** The frames by which people let each other know what they do: they change no log and are answered by nothing but errors. */
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
  async read(@ConnectedSocket() connection: Connection, @MessageBody() frame: ReadFrameDto): Promise<void> {
    await this.marks.move(connection.principal, roomOf(connection, frame), frame.message_id);
  }
}
