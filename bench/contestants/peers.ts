import { join } from 'node:path';
import { bunProgram, bunVersion, nodeProgram, type Program } from '../servers/runtimes';
import { ServerProcess } from '../servers/server-process';
import { clientsOf, type Contestant } from './contestant';

/** Plain `ws`: what a broadcast costs if nothing else is done. */
export const plainWs = peer({ name: 'plain ws', file: 'plain-ws', keeps: false, protocol: 'plain' });

/** Bun's `server.publish`: a broadcast in native code. */
export const bunPublish = peer({
  name: 'Bun, server.publish',
  file: 'bun-publish',
  keeps: false,
  protocol: 'plain',
  isAvailable: () => bunVersion() !== null,
  runBy: bunProgram,
});

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

interface Peer extends Omit<Contestant, 'start'> {
  file: string;
  /** By default Node. */
  runBy?: (file: string) => Program;
}

function peer({ file, runBy = nodeOnSource, ...about }: Peer): Contestant {
  const program = join(__dirname, '../peers', `${file}.ts`);
  return {
    ...about,
    async start(bench, population) {
      const databaseUrl = about.keeps ? await bench.postgres.createDatabase() : null;
      const server = await ServerProcess.start({
        ...runBy(program),
        env: databaseUrl === null ? {} : { DATABASE_URL: databaseUrl },
      });
      return {
        server,
        clients: clientsOf(population),
        databaseUrl,
        died: server.died,
        async stop() {
          await server.stop('SIGKILL');
          if (databaseUrl !== null) await bench.postgres.dropDatabase(databaseUrl);
        },
      };
    },
  };
}

function nodeOnSource(file: string): Program {
  return nodeProgram('-r', '@swc-node/register', file);
}
