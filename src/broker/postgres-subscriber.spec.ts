import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { aTestConfig } from '../../test/support/test-config';
import { SystemClock } from '../common/clock';
import { PostgresSubscriber } from './postgres-subscriber';

/** Less than a connection that nobody answers would live by itself. */
const SOON_MS = 2000;

describe('PostgresSubscriber', () => {
  it(
    'leaves no connection behind when it stops while one is being made',
    async () => {
      const silent = createServer().listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const { port } = silent.address() as AddressInfo;
      const config = aTestConfig({ databaseUrl: `postgres://postgres@127.0.0.1:${port}/postgres` });
      const subscriber = new PostgresSubscriber(config, new SystemClock(), {
        notified: () => undefined,
        connected: () => undefined,
        disconnected: () => undefined,
      });
      subscriber.start();
      const [wire] = (await once(silent, 'connection')) as [Socket];
      const closed = once(wire.on('error', () => undefined).resume(), 'close');

      await subscriber.stop();

      await closed;
      silent.close();
    },
    SOON_MS,
  );
});
