import { Global, Module } from '@nestjs/common';
import { RoomLog } from '../realtime/room-log';
import { MessageRepository } from './message.repository';
import { PostgresRoomLog } from './postgres-room-log';

/** The log of every room, for the core and for the chat. */
@Global()
@Module({
  providers: [MessageRepository, { provide: RoomLog, useClass: PostgresRoomLog }],
  exports: [MessageRepository, RoomLog],
})
export class LogModule {}
