/**
 * SQL for when a restriction, joined from `room_restrictions` under `alias`, ends: milliseconds since the epoch,
 * `Infinity` if it has no end, 0 if there is none.
 */
export function endMillis(alias: string): string {
  return `CASE WHEN ${alias}.kind IS NULL THEN 0 WHEN ${alias}.ends_at IS NULL THEN 'Infinity'::float8
    ELSE extract(epoch FROM ${alias}.ends_at)::float8 * 1000 END`;
}

/** SQL for whether a restriction, joined or selected as above, has not ended. */
export function stillHolds(alias: string): string {
  return `(${alias}.ends_at IS NULL OR ${alias}.ends_at > clock_timestamp())`;
}
