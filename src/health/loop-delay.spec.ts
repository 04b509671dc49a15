import { setTimeout as delay } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { observeLoopDelay } from './loop-delay';

async function read(registry: Registry): Promise<Record<'min' | 'max' | 'p50' | 'p99' | 'stddev', number>> {
  const text = await registry.metrics();
  const found = [...text.matchAll(/^nodejs_eventloop_lag_(\w+)_seconds (\S+)$/gm)];
  return Object.fromEntries(found.map(([, name, value]) => [name, Number(value)])) as Awaited<
    ReturnType<typeof read>
  >;
}

function block(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}

describe('The delays of the event loop', () => {
  let registry: Registry;

  beforeEach(() => {
    registry = new Registry();
    observeLoopDelay(registry);
  });

  it('are what somebody had to wait, without the pause between two looks', async () => {
    await delay(1000);
    block(600);
    await delay(300);

    const { min, p50, p99, max } = await read(registry);

    expect(min).toBeLessThan(0.05);
    expect(p50).toBeLessThan(0.25);
    expect(p99).toBeGreaterThan(0.4);
    expect(max).toBeGreaterThan(0.4);
  });

  it('are those since they were last read, and nothing before the first look', async () => {
    await delay(200);
    block(600);
    await delay(300);
    await read(registry);

    expect(await read(registry)).toMatchObject({ min: 0, max: 0, stddev: 0, p50: 0, p99: 0 });
  });
});
