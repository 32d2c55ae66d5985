import { sql } from 'drizzle-orm';
import { countryOf } from './countries.ts';
import { named, nameOf, createdViaList, fieldsOf, listOf, ownerOf, pointFields, pointsOf } from './declare.ts';
import type { Field } from './declare.ts';
import { category, company } from '../schema/people.ts';
import { totalOf } from './relations.ts';
import { code, date, foldedText, id, number, plainText, smallText } from './stored.ts';

const field = fieldsOf('company');

/** Company source. Its touches are those of the person who was created together with the company. */
export const companyPoints = pointsOf('company', [
  {
    prefix: 'companySource.firstTouch.',
    label: ['First touch', 'Første berøring'],
    point: (c) => ({
      personId: c.sourcePersonId,
      originId: c.firstTouchOriginId,
      at: c.firstTouchAt,
      landingPageId: c.firstTouchLandingPageId,
    }),
  },
  {
    prefix: 'companySource.leadCreation.',
    label: ['Lead creation', 'Leadopprettelse'],
    point: (c) => ({
      personId: c.sourcePersonId,
      originId: c.leadCreationOriginId,
      at: c.leadCreationAt,
      landingPageId: c.leadCreationLandingPageId,
    }),
  },
]);

export const companyFields: Field[] = [
  field('id', 'reference', ['Id', 'ID'], (c) => id(c.id, { notNull: true })),
  field('name', 'text', ['Name', 'Navn'], (c) => ({ ...foldedText(c.name, c.nameFold), notNull: true }), {
    plan: { isInOrder: true },
  }),
  field('domain', 'text', ['Domain', 'Domene'], (c) => smallText(c.domain)),
  field('registrationNumber', 'text', ['Registration number', 'Organisasjonsnummer'], (c) =>
    plainText(c.registrationNumber),
  ),
  field('country', 'list', ['Country', 'Land'], (c, context) => countryOf(company, c, context), {
    values: named('country'),
    plan: { isBroad: true },
  }),
  field(
    'category',
    'list',
    ['Category', 'Kategori'],
    (c, context) => nameOf({ list: category, listId: c.categoryId, value: (one) => one.name, isNamed: true }, context),
    {
      values: named('category'),
      isRecord: true,
      plan: { isBroad: true },
    },
  ),
  field(
    'categoryGroup',
    'list',
    ['Category group', 'Kategorigruppe'],
    (c, context) => nameOf({ list: category, listId: c.categoryId, value: (one) => one.group }, context),
    {
      values: listOf({
        'Potential customer': ['Potential customer', 'Potensiell kunde'],
        Customer: ['Customer', 'Kunde'],
        Lost: ['Lost', 'Tapt'],
        Partner: ['Partner', 'Partner'],
        Other: ['Other', 'Annet'],
      }),
      plan: { isBroad: true },
    },
  ),
  field('owner', 'reference', ['Owner', 'Eier'], (c, context) => ownerOf(c.ownerId, context), {
    values: named('owner'),
    plan: { index: 'company_owner', order: 'inOrder' },
  }),
  field('createdVia', 'list', ['Created via', 'Opprettet via'], (c) => code(c.createdVia), {
    values: createdViaList,
    plan: { isBroad: true },
  }),
  field('createdAt', 'date', ['Created', 'Opprettet'], (c) => date(c.createdAt, { notNull: true }), {
    plan: { isInOrder: true },
  }),
  field('updatedAt', 'date', ['Changed', 'Endret'], (c) => date(c.updatedAt, { notNull: true })),
  field('personCount', 'number', ['People', 'Personer'], (c, context) => {
    const people = { entity: 'company', other: 'person', context } as const;
    const { value, walk } = totalOf(people, { record: c, total: () => sql`count(*)`, none: 0 });
    return { ...number(value, { notNull: true }), walk };
  }),
  ...companyPoints.flatMap((point) => pointFields('company', point)),
];
