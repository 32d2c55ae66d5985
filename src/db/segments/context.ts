import { sql } from 'drizzle-orm';
import type { SQL, SQLWrapper } from 'drizzle-orm';
import { Aliases } from './stored.ts';

/**
 * What the parts of one condition share. Sub-queries ask nothing of the record outside them, so those within another
 * are set before it, one after the other: nested, a few would fill the parser's stack, which is 100 deep.
 */
export class CompileContext {
  readonly aliases: Aliases;
  #parts: SQL[] | null;
  #names: { count: number };

  constructor({ aliases = new Aliases(), parts = null as SQL[] | null, names = { count: 0 } } = {}) {
    this.aliases = aliases;
    this.#parts = parts;
    this.#names = names;
  }

  /** `key IN (…)`. `make` gets the context of what stands within. */
  isIn(key: SQLWrapper, make: (inner: CompileContext) => SQL): SQL {
    if (this.#parts === null) {
      const parts: SQL[] = [];
      const select = make(new CompileContext({ aliases: this.aliases, parts, names: this.#names }));
      return parts.length === 0
        ? sql`${key} IN (${select})`
        : sql`${key} IN (WITH ${sql.join(parts, sql`, `)} ${select})`;
    }
    const select = make(this);
    this.#names.count += 1;
    const name = sql.identifier(`part${this.#names.count}`);
    this.#parts.push(sql`${name} AS (${select})`);
    return sql`${key} IN ${name}`;
  }
}
