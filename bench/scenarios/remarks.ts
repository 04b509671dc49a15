import type { Outcome } from '../fleets';
import type { Measured } from '../load/fleet';

/** From here on the generator may be what limits. */
const BUSY_CORES = 0.9;

/** What was wrong with a delivery, in words; nothing if each receiver got each message once and in order. */
export function deliveryRemarks({ faults, ended, endedBy }: Outcome): string[] {
  const remarks: string[] = [];
  const found = Object.entries(faults).filter(([, count]) => (count as number) > 0);
  if (found.length > 0)
    remarks.push(`deliveries ${found.map(([fault, count]) => `${fault}: ${count}`).join(', ')}`);
  if (ended > 0) remarks.push(`${ended} sockets ended: ${endedBy}`);
  return remarks;
}

export function loadRemarks({ generatorCores, refused }: Measured): string[] {
  const remarks: string[] = [];
  if (generatorCores > BUSY_CORES)
    remarks.push(`the generator was the limit (${generatorCores.toFixed(2)} cores)`);
  if (refused > 0) remarks.push(`${refused} messages refused`);
  return remarks;
}
