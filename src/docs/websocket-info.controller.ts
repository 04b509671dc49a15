import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AppConfig } from '../config/app-config';
import { websocketInfo } from './websocket-info';

const object = (description: string) => ({ type: 'object', description });
const PROPERTIES: Record<keyof ReturnType<typeof websocketInfo>, { type: string; description: string }> = {
  websocket_endpoint: { type: 'string', description: 'The address of the socket of one room.' },
  authentication: object('How the token is presented.'),
  connection_example: object('Code that connects, by language.'),
  message_formats: object('Frames to send.'),
  response_formats: object('Frames to expect.'),
  room_info: object('What a room is, with the address of one.'),
  endpoints: object('Every address, with what it is for.'),
  subprotocol: object('What a browser offers and is answered.'),
  resume: object('How to go on after a disconnect.'),
  client_frames: object('Every frame of a client, with an example and its answer.'),
  server_frames: object('Every frame of the server, with an example.'),
  limits: object('The figures of this server.'),
  heartbeat: object('How often the server pings.'),
  close_codes: { type: 'array', description: 'Why a socket ends, and what a client does next.' },
  error_codes: { type: 'array', description: 'Every code of an error.' },
};

@ApiTags('chat')
@ApiBearerAuth()
@Controller('chat')
export class WebsocketInfoController {
  private readonly info: ReturnType<typeof websocketInfo>;

  constructor(config: AppConfig) {
    this.info = websocketInfo(config);
  }

  /** The WebSocket protocol: how to connect, every frame with an example, limits, close codes and error codes. */
  @Get('websocket-info')
  @ApiOkResponse({
    description: 'The protocol',
    content: { 'application/json': { schema: { type: 'object', properties: PROPERTIES } } },
  })
  read(): ReturnType<typeof websocketInfo> {
    return this.info;
  }
}
