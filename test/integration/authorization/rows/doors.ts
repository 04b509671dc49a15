import type { DoorRow } from '../frame-row';
import { everywhere } from '../row';

/** The socket of one room. */
export const ROOM_DOOR: DoorRow = {
  door: 'UPGRADE /ws/{room_id}',
  path: ({ id }) => `/${id}`,
  public: '   open open banned open open open open',
  private: '  -    -    -      open open open -',
  direct: '   -    -    -      open -    -    -',
};

/** The socket of many rooms. */
export const MANY_ROOMS_DOOR: DoorRow = {
  door: 'UPGRADE /ws',
  path: () => '',
  ...everywhere('open open open open open open open'),
};

/** The ways into a socket. The columns: stranger removed banned member moderator owner admin. */
export const DOORS: DoorRow[] = [
  ROOM_DOOR,
  { ...ROOM_DOOR, case: 'resuming', path: ({ id }) => `/${id}?after_seq=1` },
  MANY_ROOMS_DOOR,
];
