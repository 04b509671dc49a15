import type { Bench } from '../bench';
import type { Contestant, Population, Stage } from '../contestants/contestant';
import { Fleets } from '../fleets';

/** Handshakes under way at once where a scenario is not about them. */
const OPEN_AT_ONCE = 50;

/** A server with all its clients in their rooms. */
export interface Scene<S extends Stage = Stage> {
  stage: S;
  fleets: Fleets;
}

/** Starts a server, brings the people in, lets `work` measure, and ends everything. */
export async function onStage<T>(
  bench: Bench,
  contestant: Contestant,
  population: Population,
  work: (scene: Scene) => Promise<T>,
): Promise<T> {
  return withFleets(bench, await contestant.start(bench, population), async ({ stage, fleets }) => {
    const { clients, server } = stage;
    const { protocol } = contestant;
    const { senders } = population;
    await fleets.connect({ protocol, port: server.port, clients, senders, openAtOnce: OPEN_AT_ONCE });
    return work({ stage, fleets });
  });
}

/** The same before anyone has come. It fails as soon as a server ends by itself. */
export async function withFleets<S extends Stage, T>(
  bench: Bench,
  stage: S,
  work: (scene: Scene<S>) => Promise<T>,
): Promise<T> {
  const fleets = new Fleets(bench.options.generators);
  try {
    return await Promise.race([work({ stage, fleets }), stage.died]);
  } finally {
    fleets.end();
    await stage.stop();
  }
}
