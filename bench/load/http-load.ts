import { Latencies } from './latencies';
import { HttpClient } from './http-client';

export interface HttpPlan {
  port: number;
  /** Requests of which each client makes one after the other, in turn. */
  requests: HttpRequest[];
  clients: number;
  ms: number;
  /** Messages that a page must hold, without a gap; null: what comes is no page. */
  pageSize: number | null;
}

export interface HttpRequest {
  method: string;
  path: string;
  token?: string;
  body?: object;
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
  async run({ port, requests, clients, ms, pageSize }: HttpPlan): Promise<HttpMeasured> {
    const texts = requests.map(requestText);
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
        const { status, body } = await client.ask(texts[answers++ % texts.length]!);
        latencies.add((performance.now() - askedAt) * 1000);
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (pageSize !== null && answers % LOOK_EVERY === 0 && !isPage(body, pageSize)) wrongPages += 1;
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

function isPage(body: Buffer, size: number): boolean {
  const { messages } = JSON.parse(body.toString()) as { messages?: { id: number }[] };
  if (messages?.length !== size) return false;
  return messages.every(({ id }, index) => id === messages[0]!.id + index);
}
