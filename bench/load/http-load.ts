import { Latencies } from './latencies';
import { HttpClient } from './http-client';

export interface HttpPlan {
  port: number;
  /** Requests of which each client makes one after the other, in turn. */
  requests: HttpRequest[];
  clients: number;
  ms: number;
}

/** The messages that a page must hold: so many, without a gap, up to that one. */
export interface PageAsked {
  size: number;
  lastId: number;
}

export interface HttpRequest {
  method: string;
  path: string;
  token?: string;
  body?: object;
  /** What the answer must be; left out where it is no page. */
  page?: PageAsked;
}

export interface HttpMeasured {
  answers: number;
  perSecond: number;
  latencies: number[];
  /** How many answers had each status. */
  statuses: Record<number, number>;
  /** Pages, of those looked into, that were not as they should be. */
  wrongPages: number;
  generatorCores: number;
}

/** One page of so many is parsed and looked into. */
const LOOK_EVERY = 50;

/** Requests over HTTP from this process. */
export class HttpLoad {
  async run({ port, requests, clients, ms }: HttpPlan): Promise<HttpMeasured> {
    const all = requests.map((request) => ({ text: requestText(request), page: request.page }));
    const latencies = new Latencies();
    const statuses: Record<number, number> = {};
    let answers = 0;
    let wrongPages = 0;
    const cpu = process.cpuUsage();
    const startedAt = performance.now();
    const askUntilOver = async (): Promise<void> => {
      const client = new HttpClient(port);
      while (performance.now() - startedAt < ms) {
        const askedAt = performance.now();
        const { text, page } = all[answers++ % all.length]!;
        const { status, body } = await client.ask(text);
        latencies.add((performance.now() - askedAt) * 1000);
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (page && answers % LOOK_EVERY === 0 && !isPage(body, page)) wrongPages += 1;
      }
      client.close();
    };
    await Promise.all(Array.from({ length: clients }, askUntilOver));
    const tookMs = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(cpu);
    return {
      answers,
      perSecond: (answers / tookMs) * 1000,
      latencies: latencies.toJSON(),
      statuses,
      wrongPages,
      generatorCores: (user + system) / 1000 / tookMs,
    };
  }
}

function requestText({ method, path, token, body }: HttpRequest): string {
  const json = body === undefined ? '' : JSON.stringify(body);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    ...(json === '' ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(json)}`]),
  ];
  return [...lines, '', json].join('\r\n');
}

function isPage(body: Buffer, { size, lastId }: PageAsked): boolean {
  const { messages } = JSON.parse(body.toString()) as { messages?: { id: number }[] };
  if (messages?.length !== size) return false;
  return messages.every(({ id }, index) => id === lastId - size + 1 + index);
}
