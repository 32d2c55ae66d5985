import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { submission } from '../schema/forms.ts';
import { leadStatus, person } from '../schema/people.ts';
import { consentFields } from './consent-fields.ts';
import { countryOf } from './countries.ts';
import type { CompileContext } from './context.ts';
import {
  companyOf,
  createdViaList,
  fieldsOf,
  formOf,
  nameOf,
  named,
  ofRecord,
  ownerOf,
  pointFields,
  pointsOf,
} from './declare.ts';
import type { Field } from './declare.ts';
import { totalOf } from './relations.ts';
import { code, date, foldedText, id, indexedSmallText, indexedText, number, plainText } from './stored.ts';
import type { Stored, Tables } from './stored.ts';
import { submissionFields } from './submission-fields.ts';

const field = fieldsOf('person');

type Condition = (inner: Stored) => SQL;

const findAnyConversion = new Map(submissionFields.map((one) => [one.name, one]));

const latestPrefix = 'latestConversion.';

export const personPoints = pointsOf('person', [
  {
    prefix: 'firstTouch.',
    label: ['First touch', 'Første berøring'],
    plan: { index: 'person_first_touch', order: 'inOrder', isCountedByIndex: true },
    point: (p) => ({
      personId: p.id,
      originId: p.firstTouchOriginId,
      at: p.firstTouchAt,
      landingPageId: p.firstTouchLandingPageId,
    }),
  },
  {
    prefix: 'leadCreation.',
    label: ['Lead creation', 'Leadopprettelse'],
    plan: { index: 'person_lead_creation', order: 'inOrder', isCountedByIndex: true },
    point: (p) => ({
      personId: p.id,
      originId: p.leadCreationOriginId,
      at: p.leadCreationAt,
      landingPageId: p.leadCreationLandingPageId,
    }),
  },
  {
    prefix: latestPrefix,
    label: ['Latest conversion', 'Siste konvertering'],
    plan: { order: 'inOrder', isSlow: true },
    point: (p, context) => ({
      personId: p.id,
      originId: latestConversion(p, (s) => sql`${s.originId}`, context),
      at: latestConversion(p, (s) => sql`${s.touchAt}`, context),
      landingPageId: latestConversion(p, (s) => sql`${s.landingPageId}`, context),
    }),
  },
]);

export const personFields: Field[] = [
  field('id', 'reference', ['Id', 'ID'], (p) => id(p.id, { notNull: true })),
  field('email', 'text', ['E-mail', 'E-post'], (p) => indexedSmallText(p.email), {
    plan: { isInOrder: true },
  }),
  field('firstName', 'text', ['First name', 'Fornavn'], (p) => indexedText(p.firstName, p.firstNameFold)),
  field('lastName', 'text', ['Last name', 'Etternavn'], (p) => indexedText(p.lastName, p.lastNameFold)),
  field('phone', 'text', ['Phone', 'Telefon'], (p) => plainText(p.phone)),
  field('title', 'text', ['Title', 'Tittel'], (p) => foldedText(p.title, p.titleFold)),
  field('country', 'list', ['Country', 'Land'], (p, context) => countryOf(person, p, context), {
    values: named('country'),
    plan: { isBroad: true },
  }),
  field(
    'leadStatus',
    'list',
    ['Lead status', 'Leadstatus'],
    (p, context) =>
      nameOf({ list: leadStatus, listId: p.leadStatusId, value: (status) => status.name, isNamed: true }, context),
    {
      values: named('leadStatus'),
      isRecord: true,
      plan: { isBroad: true, index: 'person_lead_status', order: 'inOrder' },
    },
  ),
  field('owner', 'reference', ['Owner', 'Eier'], (p, context) => ownerOf(p.ownerId, context), {
    values: named('owner'),
    plan: { index: 'person_owner', order: 'inOrder' },
  }),
  field('createdVia', 'list', ['Created via', 'Opprettet via'], (p) => code(p.createdVia), {
    values: createdViaList,
    plan: { isBroad: true },
  }),
  field(
    'createdByForm',
    'reference',
    ['Created by form', 'Opprettet av skjema'],
    (p, context) => formOf(p.createdFormId, context),
    {
      values: named('form'),
      ids: 'text',
      plan: { index: 'person_created_form', order: 'inOrder' },
    },
  ),
  field('createdAt', 'date', ['Created', 'Opprettet'], (p) => date(p.createdAt, { notNull: true }), {
    plan: { isInOrder: true },
  }),
  field('updatedAt', 'date', ['Changed', 'Endret'], (p) => date(p.updatedAt, { notNull: true })),
  field('company', 'reference', ['Company', 'Firma'], (p, context) => companyOf(p.companyId, context), ofRecord),
  field('submissionCount', 'number', ['Submissions', 'Innsendinger'], (p, context) => {
    const submissions = { entity: 'person', other: 'submission', context } as const;
    const { value, walk } = totalOf(submissions, { record: p, total: () => sql`count(*)`, none: 0 });
    return { ...number(value, { notNull: true }), walk };
  }),
  field('latestSubmissionAt', 'date', ['Latest submission', 'Siste innsending'], (p, context) => {
    const submissions = { entity: 'person', other: 'submission', context } as const;
    const total = (s: SQLiteTable) => sql`max(${(s as Tables['submission']).at})`;
    const { value, walk } = totalOf(submissions, { record: p, total, none: null });
    return { ...date(value), walk };
  }),
  ...consentFields,
  ...personPoints.flatMap((point) => {
    const ofPoint = pointFields('person', point);
    return point.prefix === latestPrefix ? ofPoint.map((one) => amongConversions(one)) : ofPoint;
  }),
];

/** Something of the person's latest submission that did not create the person. */
function latestConversion(p: Tables['person'], part: (table: typeof submission) => SQL, context: CompileContext): SQL {
  const { table, from } = context.aliases.of(submission);
  return sql`(SELECT ${part(table)} FROM ${from} WHERE ${table.personId} = ${p.id} AND ${table.createdPerson} = 0
    ORDER BY ${table.at} DESC, ${table.id} DESC LIMIT 1)`;
}

/**
 * Which conversion is the latest is asked for each person, so the people are found by their conversions of any time that have none
 * after them: an index gives those of an origin.
 */
export function amongConversions(
  field: Field,
  part = findAnyConversion.get(field.name.replace(latestPrefix, 'touch.')),
): Field {
  if (!part || field.type === 'date') return field;
  return {
    ...field,
    column: (table, context) => {
      const p = table as Tables['person'];
      const latest = field.column(table, context);
      if (latest.stored.kind !== 'lookup') return latest;
      if (context.ofEach) return latest;
      const where = (condition: Condition) =>
        context.isIn(p.id, (inner) => {
          const s = inner.aliases.of(submission);
          const later = inner.aliases.of(submission);
          const any = part.column(s.table, inner).stored;
          const holds = any.kind === 'lookup' ? any.where(condition) : condition(any);
          return sql`SELECT ${s.table.personId} FROM ${s.from} WHERE ${s.table.personId} IS NOT NULL
            AND ${s.table.createdPerson} = 0 AND ${holds} AND NOT EXISTS (SELECT 1 FROM ${later.from}
              WHERE ${later.table.personId} = ${s.table.personId} AND ${later.table.createdPerson} = 0
              AND (${later.table.at}, ${later.table.id}) > (${s.table.at}, ${s.table.id}))`;
        });
      return { ...latest, stored: { kind: 'lookup', where } };
    },
  };
}
