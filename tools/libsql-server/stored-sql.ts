// sqld's own limits for texts that a stream stores (libsql-server/src/hrana/http/request.rs).
export const maxStoredSqls = 50;
export const maxStoredSqlBytes = 5000;

/** Whether a stream that stores so many texts stores another. */
export function isStorable(sql: string, stored: number): boolean {
  return stored < maxStoredSqls && Buffer.byteLength(sql) <= maxStoredSqlBytes;
}
