import { Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from '../common/clock';
import { ConnectionRegistry } from './connection-registry';
import { RoomFeeds } from './room-feeds';

/** Wires the core for Nest; the core itself does not know it. */
@Global()
@Module({
  providers: [{ provide: Clock, useClass: SystemClock }, ConnectionRegistry, RoomFeeds],
  exports: [Clock, ConnectionRegistry, RoomFeeds],
})
export class RealtimeModule {}
