import { randomUUID } from 'node:crypto';
import {
  Global,
  Inject,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Clock, SystemClock } from '../common/clock';
import { PacedFaults } from '../common/paced-faults';
import { AppConfig } from '../config/app-config';
import { toChatError } from '../database/database-error';
import { Metrics } from '../health/metrics';
import { Broker } from './broker/broker';
import { FeedLink } from './broker/feed-link';
import { NodeLink } from './broker/node-link';
import { RegularLooks } from './broker/regular-looks';
import { RoomSubscriptions } from './broker/room-subscriptions';
import type { Connection } from './connection';
import { ConnectionRegistry } from './connection-registry';
import { Drain } from './drain';
import { GroupCommit } from './group-commit';
import { Heartbeat } from './heartbeat';
import { Presence } from './presence';
import { PresenceLink } from './presence-link';
import { RoomFeeds } from './room-feeds';
import { RoomLog } from './room-log';

const FLUSH_MAX_DRAFTS = 1000;
/** What a flush costs by itself is little then beside what its drafts cost. */
const FLUSH_AMPLE_DRAFTS = 150;
const QUEUE_MAX_DRAFTS = 10_000;
/** With the time-outs of the database, a sender is answered within ten seconds whatever happens. */
const QUEUE_MAX_MS = 4000;

const logger = new Logger('Nodes');

/** Wires the core for Nest; the core itself does not know it. */
@Global()
@Module({
  providers: [
    { provide: Clock, useClass: SystemClock },
    ConnectionRegistry,
    {
      provide: NodeLink,
      inject: [Broker, Clock, Metrics],
      useFactory: (broker: Broker, clock: Clock, metrics: Metrics) =>
        new NodeLink(randomUUID(), broker, clock, {
          published: (type) => metrics.announcementsSent.inc({ type }),
          received: (type) => metrics.announcementsReceived.inc({ type }),
          dropped: () => metrics.announcementsDropped.inc(),
          failed: (error) => {
            metrics.announcementsDropped.inc();
            logger.error('An announcement could not be followed', error);
          },
          brokerChanged: (isUp) =>
            isUp
              ? logger.log('The broker is up')
              : logger.warn('The broker is down; the log is asked instead'),
        }),
    },
    {
      provide: RegularLooks,
      inject: [NodeLink, Clock],
      useFactory: (link: NodeLink, clock: Clock) =>
        new RegularLooks(link, clock, {
          random: Math.random,
          failed: (subject, error) => logger.warn(`${subject} could not be looked at: ${String(error)}`),
        }),
    },
    {
      provide: RoomSubscriptions,
      inject: [Broker, Clock],
      useFactory: (broker: Broker, clock: Clock) => new RoomSubscriptions(broker, clock),
    },
    {
      provide: PresenceLink,
      inject: [NodeLink, RoomSubscriptions, Clock, AppConfig],
      useFactory: (link: NodeLink, rooms: RoomSubscriptions, clock: Clock, { limits }: AppConfig) =>
        new PresenceLink(link, rooms, clock, {
          intervalMs: limits.presence_interval_ms,
          graceMs: limits.presence_grace_ms,
        }),
    },
    {
      provide: Presence,
      inject: [Clock, AppConfig, PresenceLink],
      useFactory: (clock: Clock, { limits }: AppConfig, others: PresenceLink) => {
        const options = {
          usersMax: limits.presence_users_max,
          intervalMs: limits.presence_interval_ms,
          graceMs: limits.presence_grace_ms,
        };
        return new Presence(clock, options, others);
      },
    },
    {
      provide: FeedLink,
      inject: [NodeLink, RoomSubscriptions, RoomLog, Clock],
      useFactory: (link: NodeLink, rooms: RoomSubscriptions, log: RoomLog, clock: Clock) =>
        new FeedLink(link, rooms, log, clock, logFaults(clock, 'The log could not be asked what is new')),
    },
    {
      provide: RoomFeeds,
      inject: [RoomLog, Clock, AppConfig, Presence, FeedLink],
      useFactory: (
        log: RoomLog,
        clock: Clock,
        { limits }: AppConfig,
        watcher: Presence,
        others: FeedLink,
      ) => {
        return new RoomFeeds(log, clock, {
          watcher,
          others,
          pageSize: limits.history_page_default,
          resumeMaxChanges: limits.resume_max_changes,
          changesPageSize: limits.changes_page_max,
          failed: logFaults(clock, 'A log could not be followed, and is tried again'),
        });
      },
    },
    {
      provide: GroupCommit,
      inject: [RoomLog, Clock, RoomFeeds, Metrics],
      useFactory: (log: RoomLog, clock: Clock, feeds: RoomFeeds, metrics: Metrics) =>
        new GroupCommit(
          log,
          clock,
          {
            flushMaxDrafts: FLUSH_MAX_DRAFTS,
            flushAmpleDrafts: FLUSH_AMPLE_DRAFTS,
            queueMaxDrafts: QUEUE_MAX_DRAFTS,
            queueMaxMs: QUEUE_MAX_MS,
          },
          {
            committed: (changes) => {
              const messages = changes.filter(({ type }) => type === 'message').length;
              metrics.messages.inc(messages);
              metrics.changes.inc(changes.length - messages);
              feeds.offer(changes);
            },
            doubted: (roomIds) => feeds.doubt(roomIds),
            flushed: ({ drafts, durationMs }) => {
              metrics.flushSize.observe(drafts);
              metrics.flushSeconds.observe(durationMs / 1000);
            },
          },
        ),
    },
    {
      provide: Heartbeat,
      inject: [ConnectionRegistry, Clock, AppConfig],
      useFactory: (connections: ConnectionRegistry, clock: Clock, { limits }: AppConfig) =>
        new Heartbeat(connections, clock, {
          intervalMs: limits.heartbeat_seconds * 1000,
          timeoutMs: limits.heartbeat_timeout_seconds * 1000,
          stuckMs: limits.stuck_reader_seconds * 1000,
        }),
    },
    {
      provide: Drain,
      inject: [ConnectionRegistry, GroupCommit, Clock, AppConfig],
      useFactory: (connections: ConnectionRegistry, commits: GroupCommit, clock: Clock, config: AppConfig) =>
        new Drain(connections, commits, clock, { timeoutMs: config.drainTimeoutMs, random: Math.random }),
    },
  ],
  exports: [Clock, ConnectionRegistry, Presence, NodeLink, RegularLooks, RoomFeeds, GroupCommit, Drain],
})
export class RealtimeModule implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  constructor(
    private readonly heartbeat: Heartbeat,
    private readonly looks: RegularLooks,
    private readonly link: NodeLink,
    private readonly feedLink: FeedLink,
    private readonly feeds: RoomFeeds,
    private readonly presenceLink: PresenceLink,
    private readonly presence: Presence,
    rooms: RoomSubscriptions,
    @Inject(Metrics) metrics: Metrics,
    connections: ConnectionRegistry,
    commits: GroupCommit,
  ) {
    metrics.observe('connections', () => connections.size);
    metrics.observe('rooms_open', () => feeds.size);
    metrics.observe('readers', () => readersOf(connections.all()));
    metrics.observe('lagging_readers', () =>
      readersOf(connections.all().filter(({ isCongested }) => isCongested)),
    );
    metrics.observe('append_queue', () => commits.queueLength);
    metrics.observe('broker_up', () => Number(link.isUp));
    metrics.observe('other_nodes', () => link.peerIds.length);
    metrics.observe('rooms_subscribed', () => rooms.count);
  }

  /** Before the first client: what other nodes announce while it is served is heard. */
  async onApplicationBootstrap(): Promise<void> {
    this.heartbeat.start();
    this.looks.start();
    this.feedLink.serve(this.feeds);
    this.presenceLink.serve(this.presence);
    await this.link.start();
  }

  onModuleDestroy(): void {
    this.heartbeat.stop();
    this.looks.stop();
  }

  /** After the last client: what it was acknowledged has been announced. */
  async onApplicationShutdown(): Promise<void> {
    this.feedLink.stop();
    this.presenceLink.stop();
    await this.link.stop();
  }
}

function readersOf(connections: readonly Connection[]): number {
  return connections.reduce((sum, { readers }) => sum + readers.size, 0);
}

/** Tells of what goes wrong with the log, each fault once a minute; that the database is away is told by others. */
function logFaults(clock: Clock, message: string): (error: unknown) => void {
  const faults = new PacedFaults(clock, {
    isExpected: (error) => toChatError(error).code === 'database_unavailable',
    tell: (fault) => logger.error(message, fault),
  });
  return (error) => faults.meet(error);
}
