import { sql } from 'drizzle-orm';
import type { SQL, SQLWrapper } from 'drizzle-orm';
import { companyOf, fieldsOf, formOf, listOf, named, ofRecord, personOf, pointFields, pointsOf } from './declare.ts';
import type { Field } from './declare.ts';
import type { CompileContext } from './context.ts';
import { boolean, code, date, id, plainText } from './stored.ts';
import type { Column, Tables } from './stored.ts';

const field = fieldsOf('submission');

export const submissionPoints = pointsOf('submission', [
  {
    prefix: 'touch.',
    label: ['Origin', 'Opphav'],
    point: (s) => ({ personId: s.personId, originId: s.originId, at: s.touchAt, landingPageId: s.landingPageId }),
  },
]);

const touchFields = submissionPoints.flatMap((point) => pointFields('submission', point));

/**
 * A field of a submission's touch as one of its conversion: the same, and no value where the submission created the person.
 * Its own columns are asked first, so that an index of them serves.
 */
export function asConversion(of: Field): Field {
  return {
    ...of,
    name: of.name.replace(/^touch\./, 'conversion.'),
    label: { en: of.label.en.replace(/^Origin/, 'Conversion'), no: of.label.no.replace(/^Opphav/, 'Konvertering') },
    plan: { ...of.plan, index: null, order: null },
    column: (table, context): Column => {
      const { createdPerson } = table as Tables['submission'];
      const { stored, shown, sorted } = of.column(table, context);
      const only = (value: SQLWrapper) => sql`CASE WHEN ${createdPerson} = 0 THEN ${value} END`;
      return {
        stored: {
          kind: 'lookup',
          where: (condition) =>
            sql`(${createdPerson} = 0 AND ${stored.kind === 'lookup' ? stored.where(condition) : condition(stored)})`,
        },
        shown: only(shown),
        sorted: only(sorted),
      };
    },
  };
}

export const submissionFields: Field[] = [
  field('id', 'reference', ['Id', 'ID'], (s) => id(s.id, { ids: 'text', notNull: true }), { ids: 'text' }),
  field('form', 'reference', ['Form', 'Skjema'], (s, context) => formOf(s.formId, context), {
    values: named('form'),
    ids: 'text',
  }),
  field('at', 'date', ['Time', 'Tidspunkt'], (s) => date(s.at, { notNull: true })),
  field('createdVia', 'list', ['Sent through', 'Sendt gjennom'], (s) => code(s.createdVia), {
    values: listOf({
      form: ['Form', 'Skjema'],
      chat: ['Chat', 'Chat'],
      phone: ['Phone', 'Telefon'],
      event: ['Event', 'Arrangement'],
    }),
  }),
  field('person', 'reference', ['Person', 'Person'], (s, context) => personOf(s.personId, context), ofRecord),
  field('company', 'reference', ['Company', 'Firma'], (s, context) => companyOf(s.companyId, context), ofRecord),
  field('createdPerson', 'boolean', ['Created the person', 'Opprettet personen'], (s) =>
    boolean(s.createdPerson, { notNull: true }),
  ),
  field('createdCompany', 'boolean', ['Created the company', 'Opprettet firmaet'], (s) =>
    boolean(s.createdCompany, { notNull: true }),
  ),
  field(
    'kind',
    'list',
    ['Kind', 'Type'],
    (s) =>
      code(
        sql`CASE WHEN ${s.personId} IS NULL THEN NULL WHEN ${s.createdPerson} THEN 'leadCreation' ELSE 'conversion' END`,
      ),
    {
      values: listOf({
        leadCreation: ['Lead creation', 'Leadopprettelse'],
        conversion: ['Conversion', 'Konvertering'],
      }),
    },
  ),
  field('page', 'text', ['Page of the form', 'Skjemaets side'], (s) => plainText(s.page)),
  field('selfReported', 'text', ['Self-reported source', 'Oppgitt kilde'], (s) => plainText(s.selfReported)),
  ...touchFields,
  ...touchFields.map(asConversion),
];

const answerPrefix = 'fields.';
const maxAnswerName = 200;

/** Any field of a form as it was sent, by its name: `fields.interest`. */
export function findAnswerField(name: string): Field | undefined {
  if (!name.startsWith(answerPrefix)) return undefined;
  const answer = name.slice(answerPrefix.length);
  if (answer === '' || answer.length > maxAnswerName || !answer.isWellFormed() || answer.includes('\0'))
    return undefined;
  return field(name, 'text', [answer, answer], (s, context) => answerColumn(s, answer, context), {
    plan: { isNarrowByBeginning: false },
  });
}

/** Several answers under one name are each compared, and shown side by side. */
function answerColumn(s: Tables['submission'], answer: string, _context: CompileContext): Column {
  const each = sql`json_each(${s.fields}) answer,
    json_each(CASE answer.type WHEN 'array' THEN answer.value ELSE json_array(answer.value) END) one`;
  const shown = sql`(SELECT group_concat(one.value, ', ') FROM ${each} WHERE answer.key = ${answer})`;
  const value: SQL = sql`one.value`;
  return {
    stored: {
      kind: 'lookup',
      where: (condition) =>
        sql`EXISTS (SELECT 1 FROM ${each} WHERE answer.key = ${answer} AND ${condition(plainText(value).stored)})`,
    },
    shown,
    sorted: plainText(shown).sorted,
  };
}
