import { Module } from '@nestjs/common';
import { AuditLog } from './audit-log';

/** The audit log, for every feature whose acts it keeps; it needs none of them. */
@Module({ providers: [AuditLog], exports: [AuditLog] })
export class AuditModule {}
