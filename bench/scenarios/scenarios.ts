import { bigRoom } from './big-room';
import { busyRooms } from './busy-room';
import { history } from './history';
import { idle } from './idle';
import { loginStorm } from './login-storm';
import { manyRooms } from './many-rooms';
import { reconnectStorm } from './reconnect-storm';
import type { Scenario } from './scenario';

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  ...busyRooms,
  manyRooms,
  bigRoom,
  idle,
  history,
  reconnectStorm,
  loginStorm,
];
