import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { type Duplex, getDefaultHighWaterMark } from 'node:stream';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { MessageMappingProperties } from '@nestjs/websockets';
import { type RawData, WebSocketServer } from 'ws';
import { Principals } from '../../auth/principals';
import { ChatGateway } from '../../chat/chat.gateway';
import { ChatError } from '../../common/chat-error';
import { Clock } from '../../common/clock';
import { PacedFaults } from '../../common/paced-faults';
import { AppConfig } from '../../config/app-config';
import { Metrics } from '../../health/metrics';
import { CloseCode } from '../../protocol/close-codes';
import { Connection, type ConnectionRules } from '../../realtime/connection';
import { ConnectionRegistry } from '../../realtime/connection-registry';
import { GroupCommit } from '../../realtime/group-commit';
import { ERROR_TABLE } from '../error-table';
import { neutralError } from '../neutral-error';
import { requestIdOf } from '../http/request-id';
import type { RequestLine } from '../http/request-line';
import { ClientWebSocket, onSocket } from './client-web-socket';
import { asksForWebSocket, declineUpgrade } from './decline-upgrade';
import { FrameLimits } from './frame-limits';
import { FrameReader } from './frame-reader';
import { Gateways } from './gateways';
import { SUBPROTOCOL } from './handshake-token';
import { refuseUpgrade } from './refuse-upgrade';
import { type Admission, UpgradeGate } from './upgrade-gate';
import { WsSocket, holdForTurn } from './ws-socket';

/** What sockets end with by us, or by the protocol; clients may say anything from 3000 to 4999, too. */
const KNOWN_CLOSE_CODES: ReadonlySet<number> = new Set([
  ...Object.values(CloseCode).filter((code) => typeof code === 'number'),
  // No code was given, the connection was lost.
  ...[1005, 1006],
]);

/** A peer has so long to answer a close frame. */
const CLOSE_TIMEOUT_MS = 3000;

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
  private readonly commits = this.app.get(GroupCommit);
  private readonly chat = this.app.get(ChatGateway);
  private readonly gateways = new Gateways();
  private readonly databaseFaults = new PacedFaults(this.clock, {
    tell: (fault) => this.log.warn({ msg: 'the database fails frames', err: fault }),
  });
  private readonly rules: ConnectionRules = {
    newId: () => randomUUID(),
    // Node tells of a drain only where its own mark was passed.
    congestedBytes: Math.max(this.config.limits.slow_reader_bytes, getDefaultHighWaterMark(false)),
    onFault: (connection, error) => this.end(connection, error),
  };
  private readonly events = {
    error: onSocket(({ connection }, error: Error) =>
      this.log.debug({
        msg: 'a socket broke the protocol',
        connection_id: connection?.id,
        code: codeOf(error),
      }),
    ),
    // What was sent tells why; a peer that has broken the protocol, or takes nothing, is not heard any more.
    close: onSocket(({ connection, sentCode }, received: number) => {
      const code = sentCode ?? received;
      this.metrics.closes.inc({ code: KNOWN_CLOSE_CODES.has(code) ? String(code) : 'other' });
      if (connection) this.release(connection);
    }),
    message: onSocket((ws, data: RawData, isBinary: boolean) => this.readerOf(ws).receive(data, isBinary)),
    ping: onSocket((ws, data: Buffer) => {
      if (this.readerOf(ws).countPing() && !ws.connection?.isCongested) ws.pong(data);
    }),
  };
  private readonly onUpgrade = (request: IncomingMessage, wire: Duplex, head: Buffer) => {
    // Node no longer listens: a reset by the peer would end the process, and a peer that takes nothing of the answers
    // before would stay for ever.
    wire.on('error', ignore);
    wire.on('timeout', endIfStuck);
    this.requests.whenFree(wire, () => {
      wire.off('timeout', endIfStuck);
      if (asksForWebSocket(request)) void this.upgrade(request, wire, head);
      else {
        wire.off('error', ignore);
        declineUpgrade(this.httpServerOfApp, request, wire, head);
      }
    });
  };
  private server: WebSocketServer;

  constructor(
    private readonly app: INestApplicationContext,
    private readonly requests: Pick<RequestLine, 'whenFree'>,
  ) {
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
      WebSocket: ClientWebSocket,
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

  override bindClientConnect(_server: WebSocketServer, bind: (connection: Connection) => void): void {
    this.gateways.addBinder(bind);
  }

  override bindMessageHandlers(connection: Connection, handlers: MessageMappingProperties[]): void {
    this.gateways.bind(connection, handlers);
  }

  /** No gateway asks for it: readers and presence hear of an end from their connection. */
  override bindClientDisconnect(): void {}

  /** Ends what is still open; after a drain that is nothing. */
  override async close(server: WebSocketServer): Promise<void> {
    const open = this.connections.all();
    for (const connection of open) connection.close(CloseCode.GoingAway, 'going away');
    await Promise.all(open.map(({ socket }) => (socket as WsSocket).closed()));
    server.close();
  }

  override async dispose(): Promise<void> {
    this.httpServerOfApp.off('upgrade', this.onUpgrade);
  }

  private get httpServerOfApp(): Server {
    return this.httpServer as Server;
  }

  private async upgrade(request: IncomingMessage, wire: Duplex, head: Buffer): Promise<void> {
    try {
      const admission = await this.gate.admit(request);
      if (wire.destroyed) return;
      this.gate.checkVacancy();
      // The first page mostly stands ready: it leaves with the answer to the handshake.
      holdForTurn(wire);
      this.server.handleUpgrade(request, wire, head, (ws) =>
        this.accept(ws as ClientWebSocket, wire, admission),
      );
      // From here on `ws` does.
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

  /** Synchronous: a frame that came with the handshake is read afterwards. */
  private accept(ws: ClientWebSocket, wire: Duplex, admission: Admission): void {
    const connection = new Connection(new WsSocket(ws, wire), admission, this.rules);
    ws.connection = connection;
    ws.on('error', this.events.error);
    ws.on('close', this.events.close);
    ws.on('message', this.events.message);
    ws.on('ping', this.events.ping);
    this.connections.add(connection);
    this.chat.open(connection, admission.opening);
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

  private release(connection: Connection): void {
    this.connections.remove(connection);
    this.gateways.forget(connection);
    connection.detach();
  }

  private readerOf(ws: ClientWebSocket): FrameReader {
    return (ws.reader ??= new FrameReader(ws.connection!, this.gateways, {
      clock: this.clock,
      metrics: this.metrics,
      commits: this.commits,
      databaseFaults: this.databaseFaults,
      limits: this.config.rateLimitsEnabled ? new FrameLimits(this.clock, this.config.limits) : null,
    }));
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
}

function ignore(): void {}

function endIfStuck(this: Duplex): void {
  if (this.writableLength > 0) this.destroy();
}

function codeOf(error: Error): string | undefined {
  return (error as { code?: string }).code;
}
