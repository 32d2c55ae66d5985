import { sql } from 'drizzle-orm';
import { linkMembers, originFields, sentFields } from '../../domain/attribution/origin-fields.ts';
import { formLanguages, formModes } from '../../domain/capture/form-settings.ts';
import { recordOf } from '../../domain/record-of.ts';
import { dealsOfLink, leadsOfLink, visitsOfLink } from '../queries/capture/link-values.ts';
import { deadLetter } from '../schema/dead-letters.ts';
import { form, quarantine, submission } from '../schema/forms.ts';
import { link } from '../schema/links.ts';
import { alias } from '../schema/origins.ts';
import { category, selection } from '../schema/people.ts';
import { site } from '../schema/settings.ts';
import { namedRecords } from '../segments/named-records.ts';
import { defineList, listField } from './declare-list.ts';

const created = ['Created', 'Opprettet'] as const;
const name = ['Name', 'Navn'] as const;
const time = ['Time', 'Tidspunkt'] as const;

const siteField = listField.reference('site', ['Site', 'Nettsted'], {
  records: namedRecords.site,
  id: site.key,
  name: site.name,
  ids: 'text',
});

export const formList = defineList({
  name: 'forms',
  from: sql`${form} JOIN ${site} ON ${site.id} = ${form.siteId}
    LEFT JOIN ${category} ON ${category.id} = ${form.defaultCategoryId}
    LEFT JOIN ${selection} ON ${selection.id} = ${form.selectionId}`,
  key: form.id,
  fields: [
    listField.id(form.key, 'text'),
    listField.text('name', name, form.name),
    siteField,
    listField.boolean('enabled', ['Enabled', 'På'], form.enabled),
    listField.moment('closesAt', ['Closes', 'Stenger'], form.closesAt),
    listField.number('closesAfter', ['Closes after', 'Stenger etter'], form.closesAfter),
    listField.boolean('utmTracking', ['UTM tracking', 'UTM-sporing'], form.utmTracking),
    listField.choices('allowedOrigins', ['Allowed origins', 'Tillatte domener'], form.allowedOrigins, null),
    listField.text('redirectUrl', ['Redirects to', 'Sender videre til'], form.redirectUrl),
    listField.text('honeypotField', ['Honeypot field', 'Honningkrukke'], form.honeypotField),
    listField.number('minimumSeconds', ['Minimum seconds', 'Minste antall sekunder'], form.minimumSeconds),
    listField.boolean('turnstile', ['Turnstile', 'Turnstile'], form.turnstile),
    listField.choice('language', ['Language', 'Språk'], form.language, formLanguages),
    listField.text('thankYou', ['Thank-you text', 'Takketekst'], form.thankYou),
    listField.text('closedText', ['Text when closed', 'Tekst når stengt'], form.closedText),
    listField.boolean('storeFiles', ['Stores files', 'Lagrer filer'], form.storeFiles),
    listField.choice('mode', ['Mode', 'Modus'], form.mode, formModes),
    listField.reference('defaultCategory', ['Default category', 'Standardkategori'], {
      records: namedRecords.category,
      id: form.defaultCategoryId,
      name: category.name,
    }),
    listField.reference('selection', ['Selection', 'Utvalg'], {
      records: namedRecords.selection,
      id: form.selectionId,
      name: selection.name,
    }),
    listField.moment('createdAt', created, form.createdAt),
  ],
  moment: 'createdAt',
  sort: '-createdAt',
});

const onlyShown = { filterable: false, sortable: false };
const linkMembersJson = sql`json_object('page', ${link.page}, ${sql.join(
  Object.values(linkMembers).map((member) => sql`${sql.raw(`'${member}'`)}, ${link[member]}`),
  sql`, `,
)})`;

export const linkList = defineList({
  name: 'links',
  from: sql`${link} LEFT JOIN ${site} ON ${site.id} = ${link.siteId}`,
  key: link.id,
  fields: [
    listField.id(link.id),
    listField.text('slug', ['Short address', 'Kort adresse'], link.slug),
    siteField,
    listField.text('page', ['Page', 'Side'], link.page),
    listField.text('source', ['Source', 'Kilde'], link.source),
    listField.text('medium', ['Medium', 'Medium'], link.medium),
    listField.text('campaign', ['Campaign', 'Kampanje'], link.campaign),
    listField.text('term', ['Term', 'Søkeord'], link.term),
    listField.text('content', ['Content', 'Innhold'], link.content),
    listField.text('utmId', ['Campaign id', 'Kampanje-ID'], link.utmId),
    // Made of what the database gives, in services/capture/manage-links.ts.
    { ...listField.text('url', ['Tagged page', 'Merket side'], linkMembersJson), ...onlyShown },
    { ...listField.text('shortUrl', ['Short link', 'Kortlenke'], link.slug), ...onlyShown },
    listField.moment('createdAt', created, link.createdAt),
    listField.condition('archived', ['Archived', 'Arkivert'], sql`(${link.archivedAt} IS NOT NULL)`),
    listField.moment('archivedAt', ['Archived', 'Arkivert'], link.archivedAt),
    listField.choices(
      'placements',
      ['Placements', 'Plasseringer'],
      sql`(SELECT json_group_array(p.placement) FROM link_placement p WHERE p.link_id = link.id)`,
      null,
    ),
    listField.number('visits', ['Visits', 'Besøk'], visitsOfLink),
    listField.number('leads', ['Leads', 'Leads'], leadsOfLink),
    listField.number('deals', ['Deals', 'Avtaler'], dealsOfLink),
  ],
  columns:
    'slug site page source medium campaign term content utmId url shortUrl createdAt archivedAt placements visits leads deals'.split(
      ' ',
    ),
  moment: 'createdAt',
  sort: '-createdAt',
  defaults: [{ unless: ['archived', 'archivedAt'], condition: { field: 'archivedAt', op: 'empty' } }],
});

const fieldNames = recordOf(sentFields, (field) => originFields[field].name);

/** What the spellings of a correction count as now, where their target was itself corrected. */
export const aliasCanonical = sql<string>`coalesce((SELECT final.canonical FROM origin_value target
  JOIN origin_value final ON final.id = target.alias_of
  WHERE target.field = alias.field AND target.canonical = alias.to_canonical), alias.to_canonical)`;
export const aliasValues = sql<string>`(SELECT json_group_array(f.canonical) FROM alias_from f WHERE f.alias_id = alias.id)`;

export const aliasList = defineList({
  name: 'aliases',
  from: sql`${alias}`,
  key: alias.id,
  fields: [
    listField.id(alias.id),
    listField.choice(
      'field',
      ['Field', 'Felt'],
      sql`(${JSON.stringify(fieldNames)} ->> alias.field)`,
      Object.values(fieldNames),
    ),
    listField.choices('values', ['Values', 'Verdier'], aliasValues, null),
    listField.text('canonical', ['Counts as', 'Regnes som'], aliasCanonical),
    listField.text('label', ['Shown as', 'Vises som'], alias.label),
    listField.moment('createdAt', created, alias.createdAt),
  ],
  moment: 'createdAt',
  sort: '-createdAt',
});

const statusLabel = ['Status', 'Status'] as const;
const ofQuarantine = {
  from: sql`${quarantine} JOIN ${form} ON ${form.id} = ${quarantine.formId}
    LEFT JOIN ${submission} ON ${submission.id} = ${quarantine.id}`,
  key: quarantine.id,
  moment: 'at',
  sort: '-at',
} as const;
const fieldsOfQuarantine = [
  listField.id(quarantine.id, 'text'),
  listField.reference('form', ['Form', 'Skjema'], {
    records: namedRecords.form,
    id: form.key,
    name: form.name,
    ids: 'text',
  }),
  listField.moment('at', time, quarantine.at),
];
/** Once it is released, the submission has what was sent. */
const pageField = listField.text(
  'page',
  ['Page', 'Side'],
  sql`coalesce(quarantine.payload ->> '$.page', submission.page)`,
);

export const quarantineList = defineList({
  ...ofQuarantine,
  name: 'quarantine',
  fields: [
    ...fieldsOfQuarantine,
    listField.choices('reasons', ['Reasons', 'Årsaker'], quarantine.reasons, null),
    listField.choice('status', statusLabel, quarantine.status, ['held', 'released']),
    pageField,
  ],
  defaults: [{ unless: ['status'], condition: { field: 'status', op: 'equals', value: 'held' } }],
});

/** Statuses of an approval, and what is stored for each. */
export const approvalStatuses = { waiting: 'held', approved: 'released' } as const;

export const approvalList = defineList({
  ...ofQuarantine,
  name: 'approvals',
  fields: [
    ...fieldsOfQuarantine,
    listField.renamedChoice('status', statusLabel, quarantine.status, approvalStatuses),
    pageField,
  ],
  defaults: [{ unless: ['status'], condition: { field: 'status', op: 'equals', value: 'waiting' } }],
});

export const deadLetterList = defineList({
  name: 'dead-letters',
  from: sql`${deadLetter}`,
  key: deadLetter.id,
  fields: [
    listField.id(deadLetter.id, 'text'),
    listField.moment('at', time, deadLetter.at),
    listField.text('reason', ['Reason', 'Årsak'], deadLetter.reason),
    listField.number('attempts', ['Attempts', 'Forsøk'], deadLetter.attempts),
    listField.moment('replayedAt', ['Replayed', 'Kjørt på nytt'], deadLetter.replayedAt),
  ],
  moment: 'at',
  sort: '-at',
});
