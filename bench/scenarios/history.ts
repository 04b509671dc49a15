import { join } from 'node:path';
import type { Bench } from '../bench';
import { simpleChat, SimpleChatStage } from '../contestants/simple-chat';
import { fillRooms, populate } from '../contestants/simple-chat.data';
import type { HttpLoad, HttpMeasured, HttpRequest } from '../load/http-load';
import { Latencies } from '../load/latencies';
import { type Remote, startRemote } from '../remote';
import { Meter } from '../servers/meter';
import type { Findings, Scenario } from './scenario';

const POPULATION = { rooms: 101, membersOfRoom: 4, senders: 0 };
const ROOM = 1;
const MESSAGES = 1_000_000;
const MESSAGES_QUICK = 100_000;
const MESSAGES_ELSEWHERE = 500;
const PAGE = 50;
const CLIENTS = 16;
/** Of each kind, before either is measured: a page costs a server that has just started twice what it costs later. */
const WARMUP_MS = 3000;
const MEASURE_MS = 6000;
const DEEP_PAGES = 5000;
const GENERATOR = join(__dirname, '../load/http-generator.ts');

/** Pages of a room with a million messages, while every other room has newer ones. */
export const history: Scenario = {
  name: 'history',
  group: 'peers',
  title: 'history over REST, a million messages',
  contestants: [simpleChat],
  metrics: [
    { key: 'newest', title: 'newest page', unit: '/s', better: 'more' },
    { key: 'newestP99', title: 'p99', unit: 'ms', better: 'less' },
    { key: 'newestMicros', title: 'CPU of server and PostgreSQL', unit: 'µs', better: 'less' },
    { key: 'deep', title: 'random deep page', unit: '/s', better: 'more' },
    { key: 'deepP99', title: 'p99', unit: 'ms', better: 'less' },
    { key: 'deepMicros', title: 'CPU of server and PostgreSQL', unit: 'µs', better: 'less' },
    { key: 'generatorCores', title: 'generator', unit: 'cores' },
  ],

  async run(bench) {
    const messages = bench.options.quick ? MESSAGES_QUICK : MESSAGES;
    const databaseUrl = await bench.database(`history of ${messages}`, () => aLongHistory(bench, messages));
    const stage = await SimpleChatStage.on(bench, databaseUrl, POPULATION, { keepsDatabase: true });
    const load = startRemote<HttpLoad>(GENERATOR);
    try {
      return await Promise.race([askForPages(bench, stage, load.remote, messages), stage.died]);
    } finally {
      load.end();
      await stage.stop();
    }
  },
};

async function askForPages(
  bench: Bench,
  stage: SimpleChatStage,
  load: Remote<HttpLoad>,
  messages: number,
): Promise<Findings> {
  const token = stage.clients[0]!.token;
  const path = `/api/v1/rooms/${ROOM}/messages?limit=${PAGE}`;
  const newestPage: HttpRequest[] = [{ method: 'GET', path, token, page: { size: PAGE, lastId: messages } }];
  const deepPages = Array.from({ length: DEEP_PAGES }, (): HttpRequest => {
    const cursor = PAGE + 1 + Math.floor(Math.random() * (messages - PAGE));
    return {
      method: 'GET',
      path: `${path}&cursor=${cursor}`,
      token,
      page: { size: PAGE, lastId: cursor - 1 },
    };
  });
  const { port } = stage.server;
  const plan = { port, clients: CLIENTS };
  const ask = async (requests: HttpRequest[]): Promise<HttpMeasured & { cpuMicros: number }> => {
    const meter = new Meter(stage.server, bench.postgres);
    const measured = await load.run({ ...plan, requests, ms: bench.shortened(MEASURE_MS) });
    const { server, database } = meter.read();
    return { ...measured, cpuMicros: ((server + database) / measured.answers) * 1e6 };
  };
  for (const requests of [newestPage, deepPages]) {
    await load.run({ ...plan, requests, ms: bench.shortened(WARMUP_MS) });
  }
  const newest = await ask(newestPage);
  const deep = await ask(deepPages);
  return {
    figures: {
      newest: newest.perSecond,
      newestMicros: newest.cpuMicros,
      newestP99: new Latencies(newest.latencies).quantileMs(0.99),
      deep: deep.perSecond,
      deepMicros: deep.cpuMicros,
      deepP99: new Latencies(deep.latencies).quantileMs(0.99),
      generatorCores: Math.max(newest.generatorCores, deep.generatorCores),
    },
    remarks: [
      ...(bench.options.quick ? [`with ${messages} messages only`] : []),
      ...wrongAnswers(newest),
      ...wrongAnswers(deep),
    ],
  };
}

async function aLongHistory(bench: Bench, messages: number): Promise<string> {
  const databaseUrl = await bench.postgres.createDatabase(await bench.productTemplate());
  await populate(databaseUrl, POPULATION);
  await fillRooms(databaseUrl, [ROOM], messages);
  const others = Array.from({ length: POPULATION.rooms - 1 }, (_, index) => index + 2);
  await fillRooms(databaseUrl, others, MESSAGES_ELSEWHERE);
  return databaseUrl;
}

function wrongAnswers({ statuses, wrongPages }: HttpMeasured): string[] {
  const others = Object.entries(statuses).filter(([status]) => status !== '200');
  return [
    ...others.map(([status, count]) => `${count} answers with ${status}`),
    ...(wrongPages > 0 ? [`${wrongPages} pages were not what was asked for`] : []),
  ];
}
