import { splitSingle } from './connection.ts';
import type { SqlStatement } from './split-sql.ts';

const cachedTexts = 500;
const cachedLength = 40_000;

/** Reads texts of single statements, and keeps those read last; null for a text that is none. */
export function createSqlCache(): (sql: string) => SqlStatement | null {
  const known = new Map<string, SqlStatement | null>();
  return (sql) => {
    const found = known.get(sql);
    if (found !== undefined) return found;
    let statement: SqlStatement | null;
    try {
      statement = splitSingle(sql);
    } catch {
      // Whoever runs it says what is wrong.
      statement = null;
    }
    if (sql.length <= cachedLength) {
      known.set(sql, statement);
      if (known.size > cachedTexts) {
        const [oldest] = known.keys();
        if (oldest !== undefined) known.delete(oldest);
      }
    }
    return statement;
  };
}
