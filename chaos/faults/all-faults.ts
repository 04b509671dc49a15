import { CLIENT_FAULTS } from './client-faults';
import { DATABASE_FAULTS } from './database-faults';
import type { Fault } from './fault';
import { NODE_FAULTS } from './node-faults';

export const ALL_FAULTS: readonly Fault[] = [...NODE_FAULTS, ...DATABASE_FAULTS, ...CLIENT_FAULTS];
