import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of a CPU second in /proc: fixed on Linux whatever the kernel was built with. */
const TICKS_PER_SECOND = 100;

/**
 * What a process, or several together, have used of the machine; of the processor with those that they started and that
 * have ended. Null where there is no /proc: not on Linux.
 */
export interface Usage {
  cpuSeconds: number;
  residentBytes: number;
}

export function usageOf(pids: readonly number[]): Usage | null {
  try {
    const all = pids.map(readUsage);
    return {
      cpuSeconds: all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
      residentBytes: all.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
    };
  } catch {
    return null;
  }
}

export function parentOf(pid: number): number | null {
  try {
    return Number(statFields(pid)[1]);
  } catch {
    return null;
  }
}

/** The process and all below it. */
export function familyOf(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: parentOf(Number(name)) }));
  const family = [pid];
  for (const member of family) {
    for (const other of parents) if (other.parent === member) family.push(other.pid);
  }
  return family;
}

function readUsage(pid: number): Usage {
  const fields = statFields(pid);
  const resident = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return {
    // utime, stime, and of children that have been waited for cutime, cstime.
    cpuSeconds: fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND,
    residentBytes: Number(resident) * 1024,
  };
}

/** The fields of /proc/…/stat behind the name, which may hold spaces. */
function statFields(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
