import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { MessageMappingProperties } from '@nestjs/websockets';
import { WebSocketServer, type WebSocket } from 'ws';
import { Principals } from '../../auth/principals';
import type { Opening } from '../../chat/chat.gateway';
import { ChatError } from '../../common/chat-error';
import { Clock } from '../../common/clock';
import { AppConfig } from '../../config/app-config';
import { Metrics } from '../../health/metrics';
import { CloseCode } from '../../protocol/close-codes';
import { Connection } from '../../realtime/connection';
import { ConnectionRegistry } from '../../realtime/connection-registry';
import { ERROR_TABLE } from '../error-table';
import { neutralError } from '../http/neutral-error';
import { requestIdOf } from '../http/request-id';
import { asksForWebSocket, declineUpgrade } from './decline-upgrade';
import { FrameLimits } from './frame-limits';
import { FrameReader, type FrameHandler } from './frame-reader';
import { SUBPROTOCOL } from './handshake-token';
import { refuseUpgrade } from './refuse-upgrade';
import { type Admission, UpgradeGate } from './upgrade-gate';
import { WsSocket } from './ws-socket';

/** A peer has so long to answer a close frame. */
const CLOSE_TIMEOUT_MS = 3000;

type ConnectionListener = (connection: Connection, opening: Opening) => void;

/** A client's wire, and what the gateways do with its frames, by type. */
interface Wiring {
  ws: WebSocket;
  handlers: Map<string, FrameHandler>;
}

/**
 * The door for WebSockets. Nest's own adapter matches paths exactly, opens the socket before anyone is asked, runs a
 * client's frames concurrently, answers nothing to bad ones and cuts sockets off; this one judges the handshake first,
 * keeps the order, answers everything and closes with a code. To Nest, a client is its `Connection`.
 */
export class ChatWsAdapter extends WsAdapter {
  private readonly log = new Logger('Socket');
  private readonly config = this.app.get(AppConfig);
  private readonly clock = this.app.get(Clock);
  private readonly gate = this.app.get(UpgradeGate);
  private readonly connections = this.app.get(ConnectionRegistry);
  private readonly principals = this.app.get(Principals);
  private readonly metrics = this.app.get(Metrics);
  private readonly wirings = new WeakMap<Connection, Wiring>();
  /** One of each gateway. */
  private readonly connectionListeners: ConnectionListener[] = [];
  private readonly onUpgrade = (request: IncomingMessage, wire: Duplex, head: Buffer) => {
    if (asksForWebSocket(request)) void this.upgrade(request, wire, head);
    else declineUpgrade(this.httpServerOfApp, request, wire, head);
  };
  private server: WebSocketServer;

  constructor(private readonly app: INestApplicationContext) {
    super(app);
  }

  override create(): WebSocketServer {
    const { frame_max_bytes } = this.config.limits;
    this.server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: frame_max_bytes,
      maxFragments: 64,
      maxBufferedChunks: 1024,
      closeTimeout: CLOSE_TIMEOUT_MS,
      // `ws` would answer every ping, however much its sender leaves unread.
      autoPong: false,
      // The token, which is offered as a subprotocol too, is never echoed.
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    } as ConstructorParameters<typeof WebSocketServer>[0]);
    this.server.on('wsClientError', (error, wire, request) =>
      refuseUpgrade(
        wire,
        new ChatError('validation_failed', { message: error.message }),
        requestIdOf(request),
      ),
    );
    this.httpServerOfApp.on('upgrade', this.onUpgrade);
    return this.server;
  }

  override bindClientConnect(_server: WebSocketServer, listener: ConnectionListener): void {
    this.connectionListeners.push(listener);
  }

  /** Each gateway adds its frames to those of the others: a client has one reader, so one order, for all of them. */
  override bindMessageHandlers(connection: Connection, handlers: MessageMappingProperties[]): void {
    const wiring = this.wirings.get(connection);
    for (const { message, callback } of handlers) wiring?.handlers.set(String(message), callback);
  }

  override bindClientDisconnect(connection: Connection, listener: () => void): void {
    this.wirings.get(connection)?.ws.once('close', listener);
  }

  /** Ends what is still open; after a drain that is nothing. */
  override async close(server: WebSocketServer): Promise<void> {
    const open = this.connections.all();
    for (const connection of open) connection.close(CloseCode.GoingAway, 'going away');
    await Promise.all(open.map((connection) => this.closed(connection)));
    server.close();
  }

  override async dispose(): Promise<void> {
    this.httpServerOfApp.off('upgrade', this.onUpgrade);
  }

  private get httpServerOfApp(): Server {
    return this.httpServer as Server;
  }

  private async upgrade(request: IncomingMessage, wire: Duplex, head: Buffer): Promise<void> {
    // Until `ws` takes over, a reset by the peer would end the process.
    const ignore = () => undefined;
    wire.on('error', ignore);
    try {
      const admission = await this.gate.admit(request);
      if (wire.destroyed) return;
      this.gate.checkVacancy();
      this.server.handleUpgrade(request, wire, head, (ws) => this.accept(ws, wire, admission));
      wire.off('error', ignore);
    } catch (error) {
      const refusal = neutralError(error);
      this.metrics.upgradesRefused.inc({ code: refusal.code });
      const event = { code: refusal.code, request_id: requestIdOf(request) };
      if (refusal.code === 'internal_error')
        this.log.error({ msg: 'an upgrade failed', ...event, err: error });
      else this.log.debug({ msg: 'an upgrade was refused', ...event });
      refuseUpgrade(wire, refusal, requestIdOf(request));
    }
  }

  /** Synchronous up to the last listener: a frame that came with the handshake is read afterwards. */
  private accept(ws: WebSocket, wire: Duplex, admission: Admission): void {
    const id = randomUUID();
    const connection = new Connection(new WsSocket(ws, wire), {
      id,
      ...admission,
      openedAt: this.clock.monotonic(),
      congestedBytes: this.config.limits.slow_reader_bytes,
      onFault: (error) => this.end(connection, error),
    });
    ws.on('error', (error) =>
      this.log.debug({ msg: 'a socket broke the protocol', connection_id: id, code: codeOf(error) }),
    );
    // Any byte: a long frame on a slow line keeps its sender's pong waiting.
    wire.on('data', () => {
      connection.lastSeenAt = this.clock.monotonic();
    });
    ws.on('close', (code) => {
      this.metrics.closes.inc({ code: String(code) });
      this.connections.remove(connection);
      connection.detach();
    });
    this.wirings.set(connection, { ws, handlers: this.readFrames(connection, ws) });
    this.connections.add(connection);
    for (const listener of this.connectionListeners) listener(connection, admission.opening);
    void this.confirm(connection);
  }

  /** Ends a socket for an error that is no frame's answer; one of our catalogue tells the client what to do next. */
  private end(connection: Connection, error: unknown): void {
    const { code, message } = neutralError(error);
    const event = { connection_id: connection.id, code };
    if (code === 'internal_error') this.log.error({ msg: 'a socket failed', ...event, err: error });
    else this.log.debug({ msg: 'a socket was ended', ...event });
    connection.close(ERROR_TABLE[code].closeCode ?? CloseCode.InternalError, message);
  }

  /** Gives the handlers, none yet, that the client's frames will be handed to. */
  private readFrames(connection: Connection, ws: WebSocket): Wiring['handlers'] {
    const handlers: Wiring['handlers'] = new Map();
    const reader = new FrameReader(connection, handlers, {
      clock: this.clock,
      metrics: this.metrics,
      limits: this.config.rateLimitsEnabled ? new FrameLimits(this.clock, this.config.limits) : null,
    });
    ws.on('message', (data, isBinary) => reader.receive(data, isBinary));
    ws.on('ping', (data) => {
      if (reader.countPing() && !connection.isCongested) ws.pong(data);
    });
    return handlers;
  }

  /** A session that ended while its handshake was judged had no socket to close yet: asked once more, now that it has. */
  private async confirm(connection: Connection): Promise<void> {
    try {
      await this.principals.current(connection.principal);
    } catch (error) {
      if (ERROR_TABLE[neutralError(error).code].closeCode === CloseCode.Unauthorized)
        this.end(connection, error);
    }
  }

  private closed(connection: Connection): Promise<void> {
    const ws = this.wirings.get(connection)?.ws;
    return new Promise((resolve) => (ws ? ws.once('close', () => resolve()) : resolve()));
  }
}

function codeOf(error: Error): string | undefined {
  return (error as { code?: string }).code;
}
