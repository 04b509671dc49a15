import { Module } from '@nestjs/common';
import { AuthModule } from '../../auth/auth.module';
import { RoomsModule } from '../../rooms/rooms.module';
import { UpgradeGate } from './upgrade-gate';

@Module({ imports: [AuthModule, RoomsModule], providers: [UpgradeGate] })
export class WsModule {}
