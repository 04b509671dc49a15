import { spawnSync } from 'node:child_process';
import { usageOf } from './process-usage';

const BUSY_MS = 300;

(process.platform === 'linux' ? describe : describe.skip)('The usage of processes (needs Linux)', () => {
  it('has in it what a child used that has ended', () => {
    const before = usageOf([process.pid])!.cpuSeconds;

    spawnSync(process.execPath, ['-e', `while (process.cpuUsage().user < ${BUSY_MS * 1000});`]);

    expect(usageOf([process.pid])!.cpuSeconds - before).toBeGreaterThanOrEqual((BUSY_MS - 20) / 1000);
  });
});
