import type { Clock } from './clock';

/** How long a fault is not told again: what is tried again for ever may fail for ever, and fail many at once. */
const SILENT_MS = 60_000;
/** Different faults told in that time, for those that say something else each time. */
const TOLD_MAX = 20;

export interface FaultsOptions {
  /** Whether it may happen without a fault of ours. */
  isExpected?(error: unknown): boolean;
  tell(fault: unknown): void;
}

/** Tells of faults, each once a minute however often it is met. */
export class PacedFaults {
  private readonly told = new Set<string>();
  private silentUntil = 0;

  constructor(
    private readonly clock: Clock,
    private readonly options: FaultsOptions,
  ) {}

  meet(error: unknown): void {
    if (this.options.isExpected?.(error)) return;
    const now = this.clock.monotonic();
    if (now >= this.silentUntil) {
      this.told.clear();
      this.silentUntil = now + SILENT_MS;
    }
    const fault = String(error);
    if (this.told.has(fault) || this.told.size >= TOLD_MAX) return;
    this.told.add(fault);
    this.options.tell(error);
  }
}
