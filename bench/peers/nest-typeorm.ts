import 'reflect-metadata';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Module, UsePipes, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { WsAdapter } from '@nestjs/platform-ws';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import { IsString, MaxLength } from 'class-validator';
import { Column, CreateDateColumn, Entity, Index, PrimaryGeneratedColumn, Repository } from 'typeorm';
import { WebSocket } from 'ws';
import { memberOf, type Membership } from './member';
import { joined } from './plain-frames';
import { ready } from './ready';

@Entity('messages')
@Index(['roomId', 'id'])
class StoredMessage {
  @PrimaryGeneratedColumn()
  id: number;

  @Column()
  roomId: number;

  @Column()
  userId: number;

  @Column('text')
  content: string;

  @CreateDateColumn()
  createdAt: Date;
}

class MessageDto {
  @IsString()
  @MaxLength(4000)
  content: string;
}

type Member = WebSocket & Membership;

/** A chat gateway as Nest's documentation leads to one: a DTO, a pipe, `repository.save`, a loop over the room. */
@WebSocketGateway()
@UsePipes(new ValidationPipe())
class ChatGateway implements OnGatewayConnection<Member>, OnGatewayDisconnect<Member> {
  private readonly rooms = new Map<number, Set<Member>>();

  constructor(@InjectRepository(StoredMessage) private readonly messages: Repository<StoredMessage>) {}

  handleConnection(client: Member, request: IncomingMessage): void {
    Object.assign(client, memberOf(request.url));
    const members = this.rooms.get(client.room) ?? new Set();
    this.rooms.set(client.room, members.add(client));
    client.send(joined(client.room));
  }

  handleDisconnect(client: Member): void {
    this.rooms.get(client.room)?.delete(client);
  }

  @SubscribeMessage('message')
  async message(@ConnectedSocket() client: Member, @MessageBody() { content }: MessageDto): Promise<void> {
    const message = await this.messages.save({ roomId: client.room, userId: client.user, content });
    const text = JSON.stringify({ event: 'message', data: message });
    for (const member of this.rooms.get(client.room) ?? [])
      if (member.readyState === WebSocket.OPEN) member.send(text);
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env.DATABASE_URL,
      entities: [StoredMessage],
      synchronize: true,
    }),
    TypeOrmModule.forFeature([StoredMessage]),
  ],
  providers: [ChatGateway],
})
class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule, { logger: ['error'] });
  app.useWebSocketAdapter(new WsAdapter(app));
  await app.listen(0, '127.0.0.1');
  ready((app.getHttpServer().address() as AddressInfo).port);
}

void main();
