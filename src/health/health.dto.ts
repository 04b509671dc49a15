import { ApiProperty } from '@nestjs/swagger';
import type { Environment } from '../config/app-config';

/** What a node says of itself. */
export class Health {
  @ApiProperty({ enum: ['healthy', 'alive', 'ready'], example: 'healthy' })
  status: 'healthy' | 'alive' | 'ready';

  @ApiProperty({ type: String, example: 'simple-chat' })
  app_name: string;

  @ApiProperty({ type: String, example: '1.0.0' })
  version: string;

  @ApiProperty({ enum: ['production', 'development', 'test'], example: 'production' })
  environment: Environment;
}
