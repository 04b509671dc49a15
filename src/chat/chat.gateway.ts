import { UseFilters } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Principals } from '../auth/principals';
import { Public } from '../auth/public.decorator';
import { ChatError } from '../common/chat-error';
import { AppConfig } from '../config/app-config';
import type { AckData, ServerFrame } from '../protocol/frames';
import type { Connection } from '../realtime/connection';
import type { JoinOptions } from '../realtime/joining';
import { Presence } from '../realtime/presence';
import { RoomFeeds } from '../realtime/room-feeds';
import type { Appended } from '../realtime/room-log';
import { RoomAccess } from '../rooms/room-access.service';
import { UserService } from '../users/user.service';
import { ChatService } from './chat.service';
import {
  AuthenticateFrameDto,
  DeleteMessageFrameDto,
  EditMessageFrameDto,
  FetchMessagesFrameDto,
  FrameDto,
  JoinFrameDto,
  MessageFrameDto,
  ReactionFrameDto,
  RoomFrameDto,
} from './dto/frames.dto';
import { requireOwnRoom, roomOf } from './frame-room';
import { RethrowFilter } from './rethrow.filter';

/** What a handler gives: the direct answer, none, or an answer that comes once a message has been committed. */
export type FrameAnswer = ServerFrame | void | { settling: Promise<ServerFrame | void> };

/** How a socket begins, as its upgrade has read it from the address. */
export interface Opening {
  afterSeq?: number;
  epoch?: string;
}

/**
 * The frames of both doors. The same guards and pipes as for REST stand before each handler; the transport runs them
 * in the order of arrival and gives their errors the form of the wire.
 */
@UseFilters(RethrowFilter)
@WebSocketGateway()
export class ChatGateway {
  constructor(
    private readonly chat: ChatService,
    private readonly access: RoomAccess,
    private readonly feeds: RoomFeeds,
    private readonly presence: Presence,
    private readonly principals: Principals,
    private readonly users: UserService,
    private readonly config: AppConfig,
  ) {}

  /**
   * Writes the first frame: what a join of the socket's room answers, or the welcome. Called by the transport, not as
   * Nest's `handleConnection`: Nest meets a client with its first frame.
   */
  open(connection: Connection, opening: Opening): void {
    connection.lane.push({ isPipelined: false, bytes: 0, run: () => this.greet(connection, opening) });
  }

  @SubscribeMessage('message')
  async message(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: MessageFrameDto,
  ): Promise<FrameAnswer> {
    const roomId = roomOf(connection, frame);
    const { committed } = await this.chat.submit(connection.principal, roomId, {
      content: frame.content,
      clientMsgId: frame.client_msg_id,
      replyToId: frame.reply_to_id,
    });
    const settling = committed.then((appended) =>
      frame.request_id !== undefined || appended.isDuplicate ? ack(frame, appended) : undefined,
    );
    return { settling };
  }

  @SubscribeMessage('edit_message')
  async edit(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: EditMessageFrameDto,
  ): Promise<FrameAnswer> {
    const roomId = roomOf(connection, frame);
    const appended = await this.chat.edit(connection.principal, roomId, frame.message_id, frame.content);
    return frame.request_id === undefined ? undefined : ack(frame, appended);
  }

  @SubscribeMessage('delete_message')
  async delete(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: DeleteMessageFrameDto,
  ): Promise<FrameAnswer> {
    const roomId = roomOf(connection, frame);
    const appended = await this.chat.delete(connection.principal, roomId, frame.message_id);
    return frame.request_id === undefined ? undefined : ack(frame, appended);
  }

  @SubscribeMessage('add_reaction')
  addReaction(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: ReactionFrameDto,
  ): Promise<FrameAnswer> {
    return this.react(connection, frame, true);
  }

  @SubscribeMessage('remove_reaction')
  removeReaction(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: ReactionFrameDto,
  ): Promise<FrameAnswer> {
    return this.react(connection, frame, false);
  }

  @SubscribeMessage('fetch_messages')
  async fetchMessages(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: FetchMessagesFrameDto,
  ): Promise<FrameAnswer> {
    const roomId = roomOf(connection, frame);
    const { value } = await this.chat.history(connection.principal, roomId, {
      cursor: frame.cursor ?? undefined,
      after: frame.after ?? undefined,
      around: frame.around ?? undefined,
      limit: frame.limit ?? undefined,
    });
    const { messages, has_more, next_cursor } = value;
    return {
      type: 'messages_history',
      request_id: frame.request_id,
      data: { room_id: roomId, messages, has_more, next_cursor },
    };
  }

  @SubscribeMessage('join')
  async join(@ConnectedSocket() connection: Connection, @MessageBody() frame: JoinFrameDto): Promise<void> {
    const roomId = roomOf(connection, frame);
    if (
      connection.readers.size >= this.config.limits.rooms_per_socket_max &&
      !connection.readers.has(roomId)
    ) {
      throw new ChatError('limit_reached', { roomId, message: 'This socket reads as many rooms as it may.' });
    }
    await this.read(connection, roomId, {
      afterSeq: frame.after_seq ?? undefined,
      epoch: frame.epoch ?? undefined,
      requestId: frame.request_id,
    });
  }

  @SubscribeMessage('leave')
  leave(@ConnectedSocket() connection: Connection, @MessageBody() frame: RoomFrameDto): FrameAnswer {
    const roomId = roomOf(connection, frame);
    this.feeds.leave(connection, roomId);
    return { type: 'left', request_id: frame.request_id, data: { room_id: roomId } };
  }

  @SubscribeMessage('authenticate')
  async authenticate(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: AuthenticateFrameDto,
  ): Promise<FrameAnswer> {
    requireOwnRoom(connection, frame);
    const { principal, expiresAt } = await this.principals.authenticate(frame.token);
    if (principal.userId !== connection.principal.userId) throw new ChatError('forbidden');
    connection.principal = principal;
    connection.tokenExpiresAt = expiresAt.getTime();
    return {
      type: 'authenticated',
      request_id: frame.request_id,
      data: { expires_at: expiresAt.toISOString() },
    };
  }

  /** Answers whatever state the database is in: it tells that the socket lives. */
  @Public()
  @SubscribeMessage('ping')
  ping(@ConnectedSocket() connection: Connection, @MessageBody() frame: RoomFrameDto): FrameAnswer {
    requireOwnRoom(connection, frame);
    return { type: 'pong', request_id: frame.request_id };
  }

  private async react(connection: Connection, frame: ReactionFrameDto, isOn: boolean): Promise<FrameAnswer> {
    const roomId = roomOf(connection, frame);
    const { emoji, message_id } = frame;
    const appended = await this.chat.react(connection.principal, roomId, message_id, { emoji, isOn });
    return frame.request_id === undefined ? undefined : ack(frame, appended);
  }

  private async read(connection: Connection, roomId: number, join: JoinOptions): Promise<void> {
    const confirm = () => this.access.reading(connection.principal, roomId);
    await confirm();
    await this.feeds.join(connection, roomId, { ...join, confirm });
    this.presence.enter(connection, roomId);
  }

  private async greet(connection: Connection, opening: Opening): Promise<void> {
    if (connection.homeRoomId !== null) {
      await this.read(connection, connection.homeRoomId, opening);
      return;
    }
    connection.send({
      type: 'welcome',
      data: {
        user: await this.users.getUser(connection.principal.userId),
        connection_id: connection.id,
        limits: this.config.limits,
        heartbeat_seconds: this.config.limits.heartbeat_seconds,
      },
    });
  }
}

function ack(frame: FrameDto, { message, isDuplicate }: Appended): ServerFrame {
  const { room_id, id, seq, client_msg_id, created_at } = message;
  const data: AckData = { room_id, id, seq, client_msg_id, created_at, duplicate: isDuplicate };
  return { type: 'ack', request_id: frame.request_id, data };
}
