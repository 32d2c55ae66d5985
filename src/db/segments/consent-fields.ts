import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { consent } from '../schema/people.ts';
import type { CompileContext } from './context.ts';
import { fieldsOf } from './declare.ts';
import type { Field } from './declare.ts';
import { boolean, date, plainText } from './stored.ts';
import type { Column, Tables } from './stored.ts';
import { totalOf } from './relations.ts';

const own = fieldsOf('consent');
const ofPerson = fieldsOf('person');

/** Whether a stored consent is given. Only those that were given are stored. */
const isGiven = (_consent: Tables['consent']): SQL => sql`1`;

/** One consent of a person: what for, whether it is given, and since when. What `has: consent` asks about. */
export const consentOwnFields: Field[] = [
  own('purpose', 'text', ['Purpose', 'Formål'], (c) => ({ ...plainText(c.purpose), notNull: true })),
  own('given', 'boolean', ['Given', 'Gitt'], (c) => boolean(isGiven(c), { notNull: true })),
  own('at', 'date', ['Time', 'Tidspunkt'], (c) => date(c.at, { notNull: true })),
];

/** What a person has consented to, over all consents given: each purpose, whether there is any, and the newest one's time. */
export const consentFields: Field[] = [
  ofPerson(
    'consent.purpose',
    'text',
    ['Consent: purpose', 'Samtykke: formål'],
    (p, context) => {
      const { table, from } = context.aliases.of(consent);
      const shown = sql`(SELECT group_concat(purpose, ', ') FROM (SELECT DISTINCT ${table.purpose} AS purpose FROM ${from}
        WHERE ${table.personId} = ${p.id} AND ${isGiven(table)} ORDER BY 1))`;
      return {
        stored: {
          kind: 'lookup',
          where: (condition) => hasGiven(p, { context, condition: (c) => condition(plainText(c.purpose).stored) }),
        },
        shown,
        sorted: plainText(shown).sorted,
      };
    },
    { plan: { isNarrowByBeginning: false } },
  ),
  ofPerson('consent.given', 'boolean', ['Consent: given', 'Samtykke: gitt'], (p, context): Column => {
    const value = hasGiven(p, { context });
    return { ...boolean(value, { notNull: true }), shown: value, sorted: value };
  }),
  ofPerson('consent.at', 'date', ['Consent: time', 'Samtykke: tidspunkt'], (p, context) => {
    const consents = { entity: 'person', other: 'consent', context } as const;
    const total = (c: SQLiteTable) => {
      const of = c as Tables['consent'];
      return sql`max(CASE WHEN ${isGiven(of)} THEN ${of.at} END)`;
    };
    const { value, walk } = totalOf(consents, { record: p, total, none: null });
    return { ...date(value), walk };
  }),
];

function hasGiven(
  p: Tables['person'],
  { context, condition }: { context: CompileContext; condition?: (c: Tables['consent']) => SQL },
): SQL {
  const given = (c: Tables['consent']) => (condition ? sql`${isGiven(c)} AND ${condition(c)}` : isGiven(c));
  if (context.ofEach) {
    const { table, from } = context.aliases.of(consent);
    return sql`EXISTS (SELECT 1 FROM ${from} WHERE ${table.personId} = ${p.id} AND ${given(table)})`;
  }
  return context.isIn(p.id, (inner) => {
    const { table, from } = inner.aliases.of(consent);
    return sql`SELECT ${table.personId} FROM ${from} WHERE ${given(table)}`;
  });
}
