import { sql } from 'drizzle-orm';
import type { SQL, SQLWrapper } from 'drizzle-orm';
import { Aliases } from './stored.ts';

/**
 * What the parts of one condition share. Sub-queries ask nothing of the record outside them, so those within another
 * are set before it, one after the other: nested, a few would fill the parser's stack, which is 100 deep.
 */
export class CompileContext {
  readonly aliases: Aliases;
  /** Set where a condition is asked of few records, one by one: then others are looked up for each, and not found for all. */
  readonly ofEach: boolean;
  #parts: SQL[] | null;
  #names: { count: number };
  #isWeak: boolean;

  constructor({
    aliases = new Aliases(),
    parts = null as SQL[] | null,
    names = { count: 0 },
    ofEach = false,
    isWeak = false,
  } = {}) {
    this.aliases = aliases;
    this.ofEach = ofEach;
    this.#parts = parts;
    this.#names = names;
    this.#isWeak = isWeak;
  }

  /** The same, but its keys choose no index: for what holds for many beside what holds for few. */
  weak(isWeak = true): CompileContext {
    const { aliases, ofEach } = this;
    return new CompileContext({ aliases, ofEach, parts: this.#parts, names: this.#names, isWeak });
  }

  /** Sets a select before the condition, and gives the name that it is read by, also by itself. Within `isIn` alone. */
  set(select: SQL | ((name: SQL) => SQL)): SQL {
    this.#names.count += 1;
    const name = sql.identifier(`part${this.#names.count}`);
    const named = sql`${name}`;
    this.#parts!.push(sql`${name} AS (${typeof select === 'function' ? select(named) : select})`);
    return named;
  }

  /** `key IN (…)`. `make` gets the context of what stands within. */
  isIn(named: SQLWrapper, make: (inner: CompileContext) => SQL): SQL {
    const key = this.#isWeak ? sql`+${named}` : named;
    if (this.#parts === null) {
      const parts: SQL[] = [];
      const { aliases, ofEach } = this;
      const select = make(new CompileContext({ aliases, ofEach, parts, names: this.#names }));
      return parts.length === 0
        ? sql`${key} IN (${select})`
        : sql`${key} IN (WITH ${sql.join(parts, sql`, `)} ${select})`;
    }
    const select = make(this.weak(false));
    return sql`${key} IN ${this.set(select)}`;
  }
}
