import { join } from 'node:path';
import { definitions, tables } from './data.ts';

/** As much of `@duckdb/node-api` as is used here: it is installed by `npm run bench`, beside what the product needs. */
type Duck = {
  DuckDBInstance: {
    create(
      path: string,
      options: Record<string, string>,
    ): Promise<{
      connect(): Promise<{
        run(sql: string): Promise<unknown>;
        runAndReadAll(sql: string): Promise<{ getRows(): unknown[][]; columnNames(): string[] }>;
      }>;
    }>;
  };
};

export type Answer = { ms: number; columns: readonly string[]; rows: ReadonlyArray<ArrayLike<unknown>> };
export type Engine = {
  name: string;
  ask: (sql: string) => Promise<Answer>;
  close: () => Promise<void>;
};

/** DuckDB in this process, in memory, on one core. */
export async function openDuckDb(csv: string): Promise<Engine> {
  const packageName: string = '@duckdb/node-api';
  const { DuckDBInstance } = (await import(packageName)) as Duck;
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  for (const [n, table] of Object.keys(tables).entries()) {
    await connection.run(definitions[n]!);
    await connection.run(`COPY ${table} FROM '${join(csv, `${table}.csv`)}' (HEADER false)`);
  }
  return {
    name: 'DuckDB',
    async ask(sql) {
      const began = performance.now();
      const result = await connection.runAndReadAll(sql);
      const rows = result.getRows();
      return { ms: performance.now() - began, columns: result.columnNames(), rows };
    },
    close: async () => {},
  };
}
