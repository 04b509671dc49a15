import { type ChildProcess, fork } from 'node:child_process';
import { basename } from 'node:path';
import { noteProcess } from './leftovers';

interface Call {
  id: number;
  method: string;
  args: unknown[];
}

type Answer = { id: number; result: unknown } | { id: number; error: string };

/** The methods of a `T` that lives in another process. */
export type Remote<T> = {
  [K in keyof T as T[K] extends (...args: never[]) => unknown ? K : never]: T[K] extends (
    ...args: infer A
  ) => infer R
    ? (...args: A) => Promise<Awaited<R>>
    : never;
};

export interface RemoteProcess<T> {
  remote: Remote<T>;
  end: () => void;
}

/** Lets the parent process call the methods of `target`. */
export function answerCalls(target: object): void {
  process.on('message', ({ id, method, args }: Call) => void answer(target, id, method, args));
  // The parent is gone, however it ended.
  process.on('disconnect', () => process.exit(0));
}

async function answer(target: object, id: number, method: string, args: unknown[]): Promise<void> {
  try {
    const call = (target as Record<string, (...args: unknown[]) => unknown>)[method]!;
    process.send!({ id, result: await call.apply(target, args) } satisfies Answer);
  } catch (error) {
    process.send!({ id, error: (error as Error).stack ?? String(error) } satisfies Answer);
  }
}

/** Starts `modulePath` in a process of its own; its methods can be called until `end`. */
export function startRemote<T extends object>(modulePath: string): RemoteProcess<T> {
  const child = fork(modulePath, { serialization: 'advanced', execArgv: process.execArgv });
  noteProcess(child);
  const calls = new Calls(child, basename(modulePath));
  const remote = new Proxy({} as Remote<T>, {
    get: (_, method: string) =>
      // Or it would be taken for a promise.
      method === 'then' ? undefined : (...args: unknown[]) => calls.make(method, args),
  });
  return { remote, end: () => child.kill('SIGKILL') };
}

class Calls {
  private readonly open = new Map<
    number,
    { resolve: (result: unknown) => void; reject: (error: Error) => void }
  >();
  private lastId = 0;
  /** Why nothing more can be called; null while it can. */
  private over: Error | null = null;

  constructor(
    private readonly child: ChildProcess,
    name: string,
  ) {
    child.on('message', (answer: Answer) => this.settle(answer));
    child.on('error', (error) => this.end(error));
    child.on('exit', (code, signal) => this.end(new Error(`${name} has ended: ${code ?? signal}`)));
  }

  make(method: string, args: unknown[]): Promise<unknown> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      if (this.over) return reject(this.over);
      this.open.set(id, { resolve, reject });
      // A process that cannot be reached ends, and its end tells why.
      this.child.send({ id, method, args } satisfies Call, () => undefined);
    });
  }

  private end(why: Error): void {
    this.over ??= why;
    for (const { reject } of this.open.values()) reject(this.over);
    this.open.clear();
  }

  private settle(answer: Answer): void {
    const call = this.open.get(answer.id);
    this.open.delete(answer.id);
    if ('error' in answer) call?.reject(new Error(answer.error));
    else call?.resolve(answer.result);
  }
}
