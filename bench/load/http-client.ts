import { connect, type Socket } from 'node:net';

export interface HttpAnswer {
  status: number;
  body: Buffer;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * Asks over one connection that is kept, one question at a time. Ours rather than `fetch`, which would be busier than
 * the server.
 */
export class HttpClient {
  private tcp: Socket | null = null;
  private received: Buffer[] = [];
  private receivedBytes = 0;
  /** Bytes of the whole answer once its head has been read. */
  private wantedBytes = Infinity;
  private bodyStart = 0;
  private answer: { resolve: (answer: HttpAnswer) => void; reject: (error: Error) => void } | null = null;

  constructor(private readonly port: number) {}

  ask(request: string): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.answer = { resolve, reject };
      this.connection().write(request);
    });
  }

  close(): void {
    this.tcp?.destroy();
  }

  private connection(): Socket {
    if (this.tcp && !this.tcp.destroyed) return this.tcp;
    this.tcp = connect({ port: this.port, host: '127.0.0.1', noDelay: true });
    this.tcp.on('data', (chunk: Buffer) => this.take(chunk));
    this.tcp.on('error', (error) => this.answer?.reject(error));
    this.tcp.on('close', () => this.answer?.reject(new Error('The server closed the connection.')));
    return this.tcp;
  }

  private take(chunk: Buffer): void {
    this.received.push(chunk);
    this.receivedBytes += chunk.length;
    if (this.wantedBytes === Infinity) this.readHead();
    if (this.receivedBytes < this.wantedBytes) return;
    const bytes = Buffer.concat(this.received);
    const answer = { status: Number(bytes.toString('latin1', 9, 12)), body: bytes.subarray(this.bodyStart) };
    this.received = [];
    this.receivedBytes = 0;
    this.wantedBytes = Infinity;
    this.answer?.resolve(answer);
  }

  private readHead(): void {
    const bytes = Buffer.concat(this.received);
    this.received = [bytes];
    const end = bytes.indexOf(HEAD_END);
    if (end < 0) return;
    this.bodyStart = end + HEAD_END.length;
    const length = /^content-length: (\d+)/im.exec(bytes.toString('latin1', 0, end))?.[1];
    if (length === undefined) throw new Error('The server told no length of its answer.');
    this.wantedBytes = this.bodyStart + Number(length);
  }
}
