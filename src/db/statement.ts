import type { InStatement, InValue } from '@libsql/client/http';

export type StatementArgs = Record<string, InValue>;

/**
 * A statement whose text never changes, for the paths where text is built once and not for each request (so the
 * database finds it already prepared). Takes from `args` the names its text holds (`:name`), and no others.
 */
export function defineStatement(sql: string): (args: StatementArgs) => InStatement {
  const text = sql.trim().replace(/\s+/g, ' ');
  const names = [...new Set([...text.matchAll(/:([a-zA-Z]+)/g)].map((match) => match[1]!))];
  return (args) => ({ sql: text, args: Object.fromEntries(names.map((name) => [name, args[name] ?? null])) });
}
