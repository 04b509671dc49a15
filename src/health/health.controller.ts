import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { HealthCheckService, TypeOrmHealthIndicator } from '@nestjs/terminus';
import { Public } from '../auth/public.decorator';
import { ApiProblems } from '../common/api-problems.decorator';
import { ChatError } from '../common/chat-error';
import { AppConfig } from '../config/app-config';
import { NodeLink } from '../realtime/broker/node-link';
import { Drain } from '../realtime/drain';
import { Health } from './health.dto';
import { Metrics } from './metrics';

/** A probe that waits longer is given up by most who ask. */
const DATABASE_TIMEOUT_MS = 1000;

@ApiTags('health')
@Public()
@Controller()
export class HealthController {
  constructor(
    private readonly config: AppConfig,
    private readonly health: HealthCheckService,
    private readonly database: TypeOrmHealthIndicator,
    private readonly drain: Drain,
    private readonly metrics: Metrics,
    private readonly link: NodeLink,
  ) {}

  @Get('health')
  @ApiOperation({ summary: 'What runs here' })
  @ApiOkResponse({ type: Health, description: 'It runs' })
  describe(): Health {
    return { status: 'healthy', ...this.identity() };
  }

  @Get('health/live')
  @ApiOperation({ summary: 'Whether the process lives; restart it if not' })
  @ApiOkResponse({ type: Health, description: 'It lives' })
  live(): Health {
    return { status: 'alive', ...this.identity() };
  }

  @Get('health/ready')
  @ApiOperation({
    summary: 'Whether this node takes requests: the database answers and it is not going away',
  })
  @ApiOkResponse({ type: Health, description: 'It does; `degraded` while other nodes cannot be heard' })
  @ApiProblems('database_unavailable', 'draining')
  async ready(): Promise<Health> {
    if (this.drain.isDraining) throw new ChatError('draining');
    try {
      await this.health.check([() => this.database.pingCheck('database', { timeout: DATABASE_TIMEOUT_MS })]);
    } catch (cause) {
      throw new ChatError('database_unavailable', { cause });
    }
    // It serves all the same: only what happens on other nodes is heard of later.
    if (!this.link.isUp) return { status: 'degraded', ...this.identity(), broker: 'down' };
    return { status: 'ready', ...this.identity() };
  }

  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ summary: "This node's figures for Prometheus" })
  @ApiOkResponse({
    description: 'In the text format',
    content: { 'text/plain': { schema: { type: 'string' } } },
  })
  readMetrics(): Promise<string> {
    return this.metrics.read();
  }

  private identity(): Omit<Health, 'status'> {
    const { appName, version, environment } = this.config;
    return { app_name: appName, version, environment };
  }
}
