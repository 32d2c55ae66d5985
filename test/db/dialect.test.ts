import { aliasedTable, inArray, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { dialect } from '../../src/db/dialect.ts';
import { form } from '../../src/db/schema/forms.ts';
import { person } from '../../src/db/schema/people.ts';

const db = openDatabase({ config: { databaseUrl: 'http://127.0.0.1/' } as never, fetch });
const other = aliasedTable(person, 'other "person"');

const chunks = fc.letrec<{ statement: SQL; chunk: unknown }>((tie) => ({
  statement: fc.oneof(
    { depthSize: 'small' },
    fc.array(tie('chunk'), { maxLength: 4 }).map((list) => sql.join(list as SQL[], sql`, `)),
    fc.tuple(tie('chunk'), tie('chunk')).map(([a, b]) => sql`(${a} = ${b})`),
    fc.array(fc.integer(), { maxLength: 3 }).map((ids) => sql`${inArray(person.id, ids)} AND ${ids}`),
    fc.constant(
      sql`EXISTS ${db
        .select({ id: form.id })
        .from(form)
        .where(sql`${form.key} = ${'a'}`)}`,
    ),
    fc.constant(sql`${db.select().from(form).as('sub')}, ${sql`1`.as('one')}, ${sql.param('x')}, ${sql.empty()}`),
  ),
  chunk: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(person, other, person.email, other.email, form.id, sql.identifier('a"b'), sql.raw('count(*)')),
    fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constantFrom(null, undefined)),
    tie('statement'),
  ),
}));

it('writes every statement as Drizzle does', () => {
  const drizzle = new SQLiteAsyncDialect();
  fc.assert(
    fc.property(chunks.statement, (statement) => {
      const { sql: text, params } = drizzle.sqlToQuery(statement);
      expect(dialect.sqlToQuery(statement)).toEqual({ sql: text, params });
    }),
  );
});
