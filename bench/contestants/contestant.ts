import type { ProtocolName } from '../protocols/protocols';
import type { ClientSpec } from '../protocols/protocol';
import type { ServerProcess } from '../servers/server-process';
import type { Bench } from '../bench';

/** The people and rooms of a scenario: rooms 1 … n, the same number of members in each, nobody in two. */
export interface Population {
  rooms: number;
  membersOfRoom: number;
  /** Of each room's members. */
  senders: number;
}

/** A server that runs, and the clients that may come to it. */
export interface Stage {
  server: ServerProcess;
  clients: ClientSpec[];
  /** The database, where there is one. */
  databaseUrl: string | null;
  /** Rejects if a server ends by itself. */
  died: Promise<never>;
  stop(): Promise<void>;
}

/** A server that takes part in a comparison. */
export interface Contestant {
  name: string;
  /** Whether what it is sent is kept when it ends. */
  keeps: boolean;
  protocol: ProtocolName;
  /** Whether the machine has what it needs; left out where that is no more than the project has itself. */
  isAvailable?: () => boolean;
  /** Starts it, with nothing in it but these people and rooms. */
  start(bench: Bench, population: Population): Promise<Stage>;
}

export function clientsOf({ rooms, membersOfRoom, senders }: Population): ClientSpec[] {
  return Array.from({ length: rooms * membersOfRoom }, (_, index) => {
    const member = index % membersOfRoom;
    return {
      room: Math.floor(index / membersOfRoom) + 1,
      sender: member < senders ? member : null,
      user: index + 1,
    };
  });
}
