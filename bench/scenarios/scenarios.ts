import { bigRoom } from './big-room';
import { busyRooms } from './busy-room';
import { costOfRooms } from './cost-of-rooms';
import { history } from './history';
import { idle } from './idle';
import { loginStorm } from './login-storm';
import { manyRooms } from './many-rooms';
import { memory } from './memory';
import { overload } from './overload';
import { reconnectStorm } from './reconnect-storm';
import type { Scenario } from './scenario';
import { soak } from './soak';
import { nodes } from './two-nodes';

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  ...busyRooms,
  manyRooms,
  bigRoom,
  idle,
  history,
  reconnectStorm,
  loginStorm,
  ...costOfRooms,
  ...overload,
  ...memory,
  ...nodes,
  soak,
];
