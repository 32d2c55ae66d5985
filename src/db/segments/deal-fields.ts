import { sql } from 'drizzle-orm';
import type { SQLWrapper } from 'drizzle-orm';
import { defaultMinorUnits, minorUnits } from '../../domain/money.ts';
import { fieldsOf, listOf, named, ownerOf } from './declare.ts';
import type { Field } from './declare.ts';
import { code, date, foldedText, id, number, plainText } from './stored.ts';

const field = fieldsOf('deal');

const unusual = sql.raw(
  Object.keys(minorUnits)
    .map((currency) => `'${currency}'`)
    .join(', '),
);
const units = sql.raw(
  Object.entries(minorUnits)
    .map(([currency, count]) => `WHEN '${currency}' THEN ${count.toFixed(1)}`)
    .join(' '),
);

/** Nearly all have the usual number, and are spared going through the others one by one. */
const unitsOf = (currency: SQLWrapper) =>
  sql`CASE WHEN ${currency} NOT IN (${unusual}) THEN ${sql.raw(defaultMinorUnits.toFixed(1))} ELSE CASE ${currency} ${units} END END`;

export const dealFields: Field[] = [
  field('id', 'reference', ['Id', 'ID'], (d) => id(d.id, { notNull: true })),
  field('externalId', 'text', ['External id', 'Ekstern ID'], (d) => plainText(d.externalId)),
  field('name', 'text', ['Name', 'Navn'], (d) => foldedText(d.name, d.nameFold)),
  field('status', 'list', ['Status', 'Status'], (d) => code(d.status), {
    values: listOf({ open: ['Open', 'Åpen'], won: ['Won', 'Vunnet'], lost: ['Lost', 'Tapt'] }),
  }),
  field('amount', 'number', ['Amount', 'Beløp'], (d) =>
    number(sql`(${d.amountMinor} / ${unitsOf(d.currency)})`, { notNull: true }),
  ),
  field('currency', 'text', ['Currency', 'Valuta'], (d) => plainText(d.currency), { groupable: true }),
  field('createdAt', 'date', ['Registered', 'Registrert'], (d) => date(d.registeredAt, { notNull: true })),
  field('closedAt', 'date', ['Closed', 'Lukket'], (d) => date(d.closedAt)),
  field('owner', 'reference', ['Owner', 'Eier'], (d, context) => ownerOf(d.ownerId, context), {
    values: named('owner'),
    plan: { index: 'deal_owner', order: 'inOrder' },
  }),
  field('personId', 'reference', ['Person id', 'Person-ID'], (d) => id(d.personId)),
  field('companyId', 'reference', ['Company id', 'Firma-ID'], (d) => id(d.companyId)),
];
