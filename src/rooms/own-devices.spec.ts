import { aConnection, type OnFakeSocket } from '../../test/support/a-connection';
import { ManualClock } from '../../test/support/manual-clock';
import type { NodeLink } from '../realtime/broker/node-link';
import { ConnectionRegistry } from '../realtime/connection-registry';
import { encodeFrame } from '../realtime/fan-out';
import { OwnDevices } from './own-devices';

const NOBODY_ELSE = { on: () => undefined, peerIds: [] as string[] } as unknown as NodeLink;
/** More than a device may leave unread. */
const GREETING = encodeFrame({ type: 'pong', request_id: 'x'.repeat(2000) });
const ADA = 1;

describe('The devices of a user', () => {
  let devices: OwnDevices;
  let device: OnFakeSocket;

  beforeEach(() => {
    const connections = new ConnectionRegistry();
    devices = new OwnDevices(connections, NOBODY_ELSE, new ManualClock());
    device = aConnection({ congestedBytes: 1000 });
    connections.add(device.connection);
  });

  const marks = () => device.socket.framesOf('read').map(({ data }) => [data.room_id, data.message_id]);
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('hear how far the user has read, each once it has had its first frame', () => {
    devices.tell([7, ADA, 1]);
    device.connection.write(Buffer.alloc(0));
    devices.tell([7, ADA, 2]);

    expect(marks()).toEqual([[7, 2]]);
  });

  it('that lag hear the latest of each room when they can take it, and nothing twice', async () => {
    device.socket.stopTaking();
    device.connection.write(GREETING);
    for (let id = 1; id <= 50; id++) for (const room of [7, 8]) devices.tell([room, ADA, id]);
    expect(marks()).toEqual([]);

    device.socket.startTaking();
    await settled();
    devices.tell([7, ADA, 51]);

    expect(marks()).toEqual([
      [7, 50],
      [8, 50],
      [7, 51],
    ]);
  });

  it('that lag and are answered hear nothing older afterwards', async () => {
    const { connection, socket } = device;
    socket.stopTaking();
    connection.write(GREETING);
    devices.tell([7, ADA, 3]);
    devices.tell([7, ADA, 5], connection);
    connection.send({ type: 'read', request_id: 1, data: { room_id: 7, user_id: ADA, message_id: 5 } });

    socket.startTaking();
    await settled();

    expect(marks()).toEqual([[7, 5]]);
  });

  it('that go while they lag are told nothing', async () => {
    device.socket.stopTaking();
    device.connection.write(GREETING);
    devices.tell([7, ADA, 1]);

    device.connection.detach();
    await settled();

    expect(marks()).toEqual([]);
  });
});
