import { bigRoom } from './big-room';
import { busyRooms } from './busy-room';
import { idle } from './idle';
import { manyRooms } from './many-rooms';
import type { Scenario } from './scenario';

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [...busyRooms, manyRooms, bigRoom, idle];
