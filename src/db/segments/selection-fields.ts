import { sql } from 'drizzle-orm';
import { selection } from '../schema/people.ts';
import { fieldsOf } from './declare.ts';
import type { Field } from './declare.ts';
import { date, id, plainText } from './stored.ts';

const field = fieldsOf('selection');

/** Of a static selection that a record is a member of: the selection, and since when. */
export const selectionFields: Field[] = [
  field('id', 'reference', ['Selection id', 'Utvalgs-ID'], (m) => id(m.selectionId, { notNull: true })),
  field('name', 'text', ['Name', 'Navn'], (m, context) => {
    const { table, from } = context.aliases.of(selection);
    const shown = sql`(SELECT ${table.name} FROM ${from} WHERE ${table.id} = ${m.selectionId})`;
    return {
      stored: {
        kind: 'lookup',
        where: (condition) =>
          context.isIn(
            m.selectionId,
            () => sql`SELECT ${table.id} FROM ${from} WHERE ${condition(plainText(table.name).stored)}`,
          ),
      },
      shown,
      sorted: shown,
    };
  }),
  field('createdAt', 'date', ['Added', 'Lagt til'], (m) => date(m.addedAt, { notNull: true })),
];
