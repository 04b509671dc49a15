import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { RoomsModule } from '../rooms/rooms.module';
import { UsersModule } from '../users/users.module';
import { ChatController } from './chat.controller';
import { ChatGateway } from './chat.gateway';
import { ChatService } from './chat.service';
import { MessageMarksController } from './message-marks.controller';
import { LogModule } from './log.module';
import { MentionRepository } from './mention.repository';
import { Mentions } from './mentions.service';
import { SignalGateway } from './signal.gateway';
import { TypingService } from './typing.service';

/** Messages over both doors: sent, changed, marked and read, and who is typing. */
@Module({
  imports: [LogModule, AuthModule, UsersModule, RoomsModule],
  controllers: [ChatController, MessageMarksController],
  providers: [ChatService, Mentions, MentionRepository, ChatGateway, SignalGateway, TypingService],
})
export class ChatModule {}
