import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { NEVER_MS, observeLoopDelay } from './loop-delay';

/** What is read when somebody asks; whoever knows the figure gives it to `observe`. */
const GAUGES = {
  connections: 'Open sockets of this node.',
  rooms_open: 'Rooms that this node follows.',
  readers: 'Sockets in rooms: one socket in three rooms counts three.',
  lagging_readers: 'Readers on sockets that take their bytes too slowly to stay live.',
  append_queue: 'Changes that wait for the next flush to the log.',
  broker_up: 'Whether announcements between nodes come through: 1 or 0.',
  other_nodes: 'Other nodes that have been heard lately.',
  rooms_subscribed: 'Rooms whose announcements come to this node.',
  search_backlog: 'Messages of all nodes that wait for the index of the search, when last looked at.',
  password_queue: 'Password hashes that wait for a worker.',
} as const;

export type GaugeName = keyof typeof GAUGES;

/**
 * What this node tells Prometheus. Imports no feature: they feed the counters and histograms as things happen,
 * and hand in a function for each gauge.
 */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();

  readonly httpRequestSeconds = new Histogram({
    name: 'chat_http_request_seconds',
    help: 'Time to answer a request, by route.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [this.registry],
  });

  readonly messages = new Counter({
    name: 'chat_messages_total',
    help: 'New messages stored by this node.',
    registers: [this.registry],
  });

  readonly changes = new Counter({
    name: 'chat_changes_total',
    help: 'Changes to messages stored by this node: edits, deletions and the like.',
    registers: [this.registry],
  });

  readonly flushSize = new Histogram({
    name: 'chat_flush_size',
    help: 'Changes in one flush to the log.',
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000],
    registers: [this.registry],
  });

  readonly flushSeconds = new Histogram({
    name: 'chat_flush_seconds',
    help: 'Time from the start of a flush to its commit.',
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 10],
    registers: [this.registry],
  });

  readonly announcementsSent = new Counter({
    name: 'chat_announcements_sent_total',
    help: 'Announcements to other nodes, by type.',
    labelNames: ['type'] as const,
    registers: [this.registry],
  });

  readonly announcementsReceived = new Counter({
    name: 'chat_announcements_received_total',
    help: 'Announcements of other nodes, by type.',
    labelNames: ['type'] as const,
    registers: [this.registry],
  });

  readonly announcementsDropped = new Counter({
    name: 'chat_announcements_dropped_total',
    help: 'What came and was no announcement, what a handler failed at, what was too large to be sent.',
    registers: [this.registry],
  });

  readonly frames = new Counter({
    name: 'chat_frames_total',
    help: 'Frames of clients that were handled, by type; not those that were refused before.',
    labelNames: ['type'] as const,
    registers: [this.registry],
  });

  readonly socketErrors = new Counter({
    name: 'chat_socket_errors_total',
    help: 'Error frames sent to clients, by code.',
    labelNames: ['code'] as const,
    registers: [this.registry],
  });

  readonly upgradesRefused = new Counter({
    name: 'chat_upgrades_refused_total',
    help: 'Handshakes that were refused, by code.',
    labelNames: ['code'] as const,
    registers: [this.registry],
  });

  readonly closes = new Counter({
    name: 'chat_closes_total',
    help: 'Sockets that ended, by close code.',
    labelNames: ['code'] as const,
    registers: [this.registry],
  });

  constructor() {
    // Its own looks at the event loop would be a second wake-up.
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: NEVER_MS });
    observeLoopDelay(this.registry);
  }

  /** Has a gauge read by `collect`, at the moment when somebody asks. Once for each gauge. */
  observe(name: GaugeName, collect: () => number): void {
    new Gauge({
      name: `chat_${name}`,
      help: GAUGES[name],
      registers: [this.registry],
      collect() {
        this.set(collect());
      },
    });
  }

  /** Everything, in Prometheus' text format. */
  read(): Promise<string> {
    return this.registry.metrics();
  }
}
