import type { ColumnOptions } from 'typeorm';

/** Options of a `timestamptz(3)` column: clients see milliseconds, so the database keeps no more. */
export const TIMESTAMP: ColumnOptions = { type: 'timestamptz', precision: 3 };
