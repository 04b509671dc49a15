import { join } from 'node:path';
import { ServerProcess } from '../servers/server-process';
import { clientsOf, type Contestant } from './contestant';

/** Plain `ws`: what a broadcast costs if nothing else is done. */
export const plainWs = peer({ name: 'plain ws', file: 'plain-ws', keeps: false, protocol: 'plain' });

/** Socket.IO with an INSERT for each message. */
export const socketIo = peer({
  name: 'Socket.IO, INSERT each',
  file: 'socket-io',
  keeps: true,
  protocol: 'socket.io',
});

/** A Nest gateway as the documentation has it, with TypeORM's `repository.save`. */
export const usualNest = peer({
  name: 'usual Nest gateway, repository.save',
  file: 'nest-typeorm',
  keeps: true,
  protocol: 'plain',
});

function peer({ file, ...about }: Omit<Contestant, 'start'> & { file: string }): Contestant {
  const program = join(__dirname, '../peers', `${file}.ts`);
  return {
    ...about,
    async start(bench, population) {
      const databaseUrl = about.keeps ? await bench.postgres.createDatabase() : null;
      const server = await ServerProcess.start({
        args: ['-r', '@swc-node/register', program],
        env: databaseUrl === null ? {} : { DATABASE_URL: databaseUrl },
      });
      return {
        server,
        clients: clientsOf(population),
        databaseUrl,
        async stop() {
          await server.stop('SIGKILL');
          if (databaseUrl !== null) await bench.postgres.dropDatabase(databaseUrl);
        },
      };
    },
  };
}
