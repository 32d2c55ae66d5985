import type { TestApp } from './test-app.ts';

/** Every row of the database, by table, as text. */
export type Dump = Map<string, Set<string>>;

export async function dumpDatabase(kilde: TestApp): Promise<Dump> {
  const tables = await kilde.sql(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%drizzle%' ORDER BY name",
  );
  const dump: Dump = new Map();
  for (const { name } of tables) {
    const rows = await kilde.sql(`SELECT * FROM "${name}"`);
    dump.set(name, new Set(rows.map((row) => JSON.stringify(row))));
  }
  return dump;
}

/** How many rows of each table are new or other than before; tables without any are left out, and the audit log. */
export function rowsWritten(before: Dump, after: Dump): Record<string, number> {
  return Object.fromEntries(
    [...after]
      .filter(([table]) => table !== 'audit_entry')
      .map(([table, rows]) => [table, [...rows].filter((row) => !before.get(table)?.has(row)).length] as const)
      .filter(([, count]) => count > 0),
  );
}
