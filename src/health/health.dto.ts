import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Environment } from '../config/app-config';

/** What a node says of itself. */
export class Health {
  @ApiProperty({ enum: ['healthy', 'alive', 'ready', 'degraded'], example: 'healthy' })
  status: 'healthy' | 'alive' | 'ready' | 'degraded';

  @ApiProperty({ type: String, example: 'simple-chat' })
  app_name: string;

  @ApiProperty({ type: String, example: '1.0.0' })
  version: string;

  @ApiProperty({ enum: ['production', 'development', 'test'], example: 'production' })
  environment: Environment;

  @ApiPropertyOptional({
    enum: ['down'],
    description: 'Given while announcements between nodes do not come through',
  })
  broker?: 'down';
}
