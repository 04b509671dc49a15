import { Module } from '@nestjs/common';
import { AuthModule } from '../../auth/auth.module';
import { RoomsModule } from '../../rooms/rooms.module';
import { UpgradeGate } from './upgrade-gate';

/** Who judges the handshakes of sockets; `ChatWsAdapter` asks it. */
@Module({ imports: [AuthModule, RoomsModule], providers: [UpgradeGate] })
export class WsModule {}
