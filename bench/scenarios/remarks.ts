import type { Outcome } from '../fleets';
import type { Measured } from '../load/fleet';

/** From here on a process with one thread may be what limits. */
const BUSY_CORES = 0.9;
/** Of what was due; a generator that sends less has not kept its rate. */
const SENT_SHARE = 0.98;

/** What was wrong with a delivery, in words; nothing if each receiver got each message once and in order. */
export function deliveryRemarks({ faults, ended, endedBy }: Outcome): string[] {
  const remarks: string[] = [];
  const found = Object.entries(faults).filter(([, count]) => (count as number) > 0);
  if (found.length > 0)
    remarks.push(`deliveries ${found.map(([fault, count]) => `${fault}: ${count}`).join(', ')}`);
  if (ended > 0) remarks.push(`${ended} sockets ended: ${endedBy}`);
  return remarks;
}

/** What beside the server may have decided the figures, in words. */
export function loadRemarks(
  { generatorCores, refused, sent, seconds }: Measured,
  { serverCores = NaN, duePerSecond = 0 }: { serverCores?: number; duePerSecond?: number } = {},
): string[] {
  const remarks: string[] = [];
  if (generatorCores > BUSY_CORES) {
    remarks.push(
      serverCores > BUSY_CORES
        ? 'the generator was as busy as the server'
        : `the generator was the limit (${generatorCores.toFixed(2)} cores)`,
    );
  }
  const sentPerSecond = sent / seconds;
  if (sentPerSecond < duePerSecond * SENT_SHARE)
    remarks.push(`${sentPerSecond.toFixed(0)} messages/s sent of ${duePerSecond} that were due`);
  if (refused > 0) remarks.push(`${refused} messages refused`);
  return remarks;
}
