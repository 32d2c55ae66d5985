import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';

/**
 * The bin of an interval in milliseconds, for medians: 256 to each factor of 16, signed, 0 for none. A bin's number grows with
 * the interval, so bins are in the order of their values.
 */
export function intervalBin(interval: SQL): SQL {
  return sql`CASE WHEN ${interval} IS NULL THEN NULL WHEN ${interval} = 0 THEN 0 ELSE (SELECT sign(s.v) * (256 * s.h + CASE WHEN s.m < 512 THEN s.m >> 2 WHEN s.m < 1024 THEN 64 + (s.m >> 3)
    WHEN s.m < 2048 THEN 128 + (s.m >> 4) ELSE 192 + (s.m >> 5) END) FROM (SELECT v, h, abs(v) << 12 >> (4 * h) AS m FROM (SELECT ${interval} AS v, length(printf('%x', abs(${interval}))) AS h)) s) END`;
}
