import type { BrokerKind } from '../stage/cluster';
import { BROKER_FAULTS } from './broker-faults';
import { CLIENT_FAULTS } from './client-faults';
import { DATABASE_FAULTS } from './database-faults';
import type { Fault } from './fault';
import { NODE_FAULTS } from './node-faults';

const ALL_FAULTS: readonly Fault[] = [...NODE_FAULTS, ...DATABASE_FAULTS, ...BROKER_FAULTS, ...CLIENT_FAULTS];

/** What can strike nodes that announce by this broker. */
export function faultsWith(broker: BrokerKind): Fault[] {
  return ALL_FAULTS.filter(({ needs }) => needs === undefined || needs === broker);
}

/** What is about this broker alone. */
export function faultsOf(broker: BrokerKind): Fault[] {
  return ALL_FAULTS.filter(({ needs }) => needs === broker);
}
