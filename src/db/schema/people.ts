import type { CreatedVia } from '../../domain/capture/created-via.ts';
import { sql } from 'drizzle-orm';
import { customType, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core';
import { proposalStates } from '../../domain/settings/automation.ts';
import type { AutomationCause, CategoryGroup, CategoryTrigger } from '../../domain/settings/automation.ts';
import type { Criteria } from '../../domain/segments/criteria.ts';
import type { SortKey } from '../../domain/segments/query.ts';
import type {
  BoardLayout,
  CombineOperator,
  FrozenFrom,
  SelectionEntity,
  Visibility,
} from '../../domain/segments/selections.ts';

/** How a submission came in. What an import, the API or a person at the keyboard adds is no submission. */
export const submittedVia = ['form', 'chat', 'phone', 'event'] as const satisfies readonly CreatedVia[];
export type SubmittedVia = (typeof submittedVia)[number];

export const owner = sqliteTable('owner', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  name: text('name').notNull(),
  email: text('email').unique(),
  active: integer('active', { mode: 'boolean' }).notNull().default(true),
  createdAt: integer('created_at').notNull(),
});

export const category = sqliteTable('category', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  name: text('name').notNull().unique(),
  group: text('category_group').$type<CategoryGroup>().notNull(),
  position: integer('position').notNull(),
  /** The events that set this category on the company. */
  setOn: text('set_on', { mode: 'json' }).$type<CategoryTrigger[]>().notNull().default([]),
  description: text('description'),
  /** Set where the category can be chosen no more. Companies keep it, and reports show it. */
  archivedAt: integer('archived_at'),
  /** Whether the people of a company that is moved into this category get the default lead status again. */
  resetsLeadStatus: integer('resets_lead_status', { mode: 'boolean' }).notNull().default(false),
  /** Whether automation proposes this category (`categoryProposal`), so that somebody confirms it, instead of setting it. */
  needsConfirmation: integer('needs_confirmation', { mode: 'boolean' }).notNull().default(false),
});

export const leadStatus = sqliteTable('lead_status', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  name: text('name').notNull().unique(),
  position: integer('position').notNull(),
  /** The status of a new person; one row has it. */
  isDefault: integer('is_default', { mode: 'boolean' }).notNull().default(false),
  /** The category a person's company gets with this status; null leaves it. */
  setsCategoryId: integer('sets_category_id').references(() => category.id),
  description: text('description'),
  /** Set where the status can be chosen no more. People keep it, and reports show it. */
  archivedAt: integer('archived_at'),
});

export const company = sqliteTable(
  'company',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    name: text('name').notNull(),
    /** Folded copies (`foldText`) are what text is compared by, without case, in every script. */
    nameFold: text('name_fold').notNull(),
    /** The name without legal suffix, case and punctuation. Null where there is nothing to compare. */
    nameKey: text('name_key'),
    domain: text('domain').unique(),
    registrationNumber: text('registration_number').unique(),
    country: text('country'),
    ownerId: integer('owner_id').references(() => owner.id),
    categoryId: integer('category_id').references(() => category.id),
    createdVia: text('created_via').$type<CreatedVia>().notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    /** The submission or intake that created it. */
    creationId: text('creation_id').notNull(),
    /** Company source: first touch and lead creation of the submission that created person and company together. */
    sourcePersonId: integer('source_person_id'),
    firstTouchOriginId: integer('first_touch_origin_id'),
    firstTouchAt: integer('first_touch_at'),
    firstTouchLandingPageId: integer('first_touch_landing_page_id'),
    leadCreationOriginId: integer('lead_creation_origin_id'),
    leadCreationAt: integer('lead_creation_at'),
    leadCreationLandingPageId: integer('lead_creation_landing_page_id'),
  },
  (table) => [
    // Whose source a company keeps: asked when people are merged or removed.
    index('company_source_person')
      .on(table.sourcePersonId)
      .where(sql`source_person_id IS NOT NULL`),
    // Resolution by name where no domain is known.
    index('company_name_key').on(table.nameKey),
    index('company_created_at').on(table.createdAt, table.id),
    // Criteria on companies: name equals, starts with; category and owner, also a board's columns; country, also its list.
    index('company_name_fold').on(table.nameFold),
    index('company_category')
      .on(table.categoryId, table.createdAt)
      .where(sql`category_id IS NOT NULL`),
    index('company_owner')
      .on(table.ownerId, table.createdAt)
      .where(sql`owner_id IS NOT NULL`),
    index('company_country')
      .on(table.country)
      .where(sql`country IS NOT NULL`),
    // Criteria on a company's source: which companies have one of these origins.
    index('company_first_touch')
      .on(table.firstTouchOriginId)
      .where(sql`first_touch_origin_id IS NOT NULL`),
    index('company_lead_creation')
      .on(table.leadCreationOriginId)
      .where(sql`lead_creation_origin_id IS NOT NULL`),
  ],
);

/** Two companies found to be one, as `personMerge`. `undoneAt` is 0 within the transaction that makes the merge. */
export const companyMerge = sqliteTable(
  'company_merge',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    companyId: integer('company_id').notNull(),
    removedCompanyId: integer('removed_company_id').notNull(),
    kept: text('kept', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    removed: text('removed', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    moved: text('moved', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    at: integer('at').notNull(),
    undoneAt: integer('undone_at'),
  },
  (table) => [
    // The merges that led to a company.
    index('company_merge_company').on(table.companyId),
    // Which company a removed one has become; whether a company that is stored comes back (event_company_created).
    index('company_merge_removed').on(table.removedCompanyId),
  ],
);

/** A further domain, registration number or name key of a company, left by a merge: each leads to the company that was kept. */
export const companyAlias = sqliteTable(
  'company_alias',
  {
    kind: text('kind', { enum: ['domain', 'registrationNumber', 'nameKey'] }).notNull(),
    value: text('value').notNull(),
    /** The merge that left it; undoing the merge takes it away. */
    mergeId: integer('merge_id')
      .notNull()
      .references(() => companyMerge.id),
    /** The company that it leads to now: later merges move it. */
    companyId: integer('company_id')
      .notNull()
      .references(() => company.id),
  },
  (table) => [
    // Resolution of leads and deals: which company has this domain, number or name.
    primaryKey({ columns: [table.kind, table.value, table.mergeId] }),
    index('company_alias_company').on(table.companyId),
    // Undoing a merge.
    index('company_alias_merge').on(table.mergeId),
  ],
);

/** A category that automation would have set, where the category asks for a confirmation. One of a company waits at a time. */
export const categoryProposal = sqliteTable(
  'category_proposal',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    companyId: integer('company_id')
      .notNull()
      .references(() => company.id, { onDelete: 'cascade' }),
    /** The category that the company had; null where it had none. */
    fromCategoryId: integer('from_category_id').references(() => category.id, { onDelete: 'set null' }),
    categoryId: integer('category_id')
      .notNull()
      .references(() => category.id, { onDelete: 'cascade' }),
    /** The rule, by its name in domain/settings/automation.ts. */
    cause: text('cause').$type<AutomationCause>().notNull(),
    at: integer('at').notNull(),
    state: text('state', { enum: proposalStates }).notNull().default('pending'),
    decidedAt: integer('decided_at'),
  },
  (table) => [
    // One proposal of a company waits at a time: the latest.
    uniqueIndex('category_proposal_pending')
      .on(table.companyId)
      .where(sql`state = 'pending'`),
    // The list of proposals by state, the newest first.
    index('category_proposal_state').on(table.state, table.id),
    // A company that a trigger stores is looked up among its proposals, as the foreign key asks; the index of those that wait is partial.
    index('category_proposal_company').on(table.companyId),
  ],
);

export const person = sqliteTable(
  'person',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    /** Null where only a telephone number is known. */
    email: text('email').unique(),
    firstName: text('first_name'),
    firstNameFold: text('first_name_fold'),
    lastName: text('last_name'),
    lastNameFold: text('last_name_fold'),
    /** E.164 where it is a telephone number (domain/people/phone-numbers.ts), else as it was sent. */
    phone: text('phone'),
    title: text('title'),
    titleFold: text('title_fold'),
    country: text('country'),
    companyId: integer('company_id').references(() => company.id),
    ownerId: integer('owner_id').references(() => owner.id),
    leadStatusId: integer('lead_status_id').references(() => leadStatus.id),
    createdVia: text('created_via').$type<CreatedVia>().notNull(),
    createdFormId: integer('created_form_id'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    /** The submission or intake that created it. */
    creationId: text('creation_id').notNull(),
    firstTouchOriginId: integer('first_touch_origin_id').notNull(),
    firstTouchAt: integer('first_touch_at').notNull(),
    firstTouchLandingPageId: integer('first_touch_landing_page_id').notNull(),
    leadCreationOriginId: integer('lead_creation_origin_id').notNull(),
    leadCreationAt: integer('lead_creation_at').notNull(),
    leadCreationLandingPageId: integer('lead_creation_landing_page_id').notNull(),
    /** 0: no deal; 1: a deal; 2: a won one. Kept by triggers on deals. */
    dealState: integer('deal_state').notNull().default(0),
  },
  (table) => [
    index('person_created_at').on(table.createdAt, table.id),
    index('person_company').on(table.companyId),
    // Criteria on first touch and lead creation: which people have one of these origins.
    index('person_first_touch').on(table.firstTouchOriginId, table.createdAt),
    index('person_lead_creation').on(table.leadCreationOriginId, table.createdAt),
    // Criteria on lead status and owner, and the columns of a board by them, each in order of creation.
    index('person_lead_status').on(table.leadStatusId, table.createdAt),
    index('person_owner')
      .on(table.ownerId, table.createdAt)
      .where(sql`owner_id IS NOT NULL`),
    // Criteria on names: equals, starts with.
    index('person_first_name')
      .on(table.firstNameFold)
      .where(sql`first_name_fold IS NOT NULL`),
    index('person_last_name')
      .on(table.lastNameFold)
      .where(sql`last_name_fold IS NOT NULL`),
    // Intake and GET /people?phone=: who has this telephone number.
    index('person_phone')
      .on(table.phone)
      .where(sql`phone IS NOT NULL`),
    // Criteria on country, and the list of the countries there are.
    index('person_country')
      .on(table.country)
      .where(sql`country IS NOT NULL`),
    // Criteria on the form that created a person.
    index('person_created_form')
      .on(table.createdFormId, table.createdAt)
      .where(sql`created_form_id IS NOT NULL`),
  ],
);

/** Further addresses of a person, left by a merge: each resolves to the person that was kept. */
export const personEmail = sqliteTable(
  'person_email',
  {
    email: text('email').primaryKey(),
    personId: integer('person_id')
      .notNull()
      .references(() => person.id),
  },
  (table) => [index('person_email_person').on(table.personId)],
);

/** Consent given in a form: what for, the text agreed to, when, where. */
export const consent = sqliteTable(
  'consent',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    personId: integer('person_id')
      .notNull()
      .references(() => person.id),
    purpose: text('purpose').notNull(),
    text: text('text'),
    at: integer('at').notNull(),
    formId: integer('form_id'),
    submissionId: text('submission_id'),
  },
  (table) => [index('consent_person').on(table.personId)],
);

/** Two people found to be one. `kept` holds the row as it was, `removed` the row taken away, `moved` all that changed hands. */
export const personMerge = sqliteTable(
  'person_merge',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    personId: integer('person_id').notNull(),
    removedPersonId: integer('removed_person_id').notNull(),
    kept: text('kept', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    removed: text('removed', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    moved: text('moved', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    at: integer('at').notNull(),
    undoneAt: integer('undone_at'),
  },
  (table) => [
    index('person_merge_person').on(table.personId),
    // Which person a removed one has become; whether a person who is stored comes back (event_person_created).
    index('person_merge_removed').on(table.removedPersonId),
  ],
);

/** A named set of people, companies, deals or submissions. */
export const selection = sqliteTable('selection', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  name: text('name').notNull(),
  entity: text('entity').$type<SelectionEntity>().notNull(),
  kind: text('kind', { enum: ['static', 'dynamic', 'combined'] }).notNull(),
  createdAt: integer('created_at').notNull(),
  description: text('description'),
  ownerId: integer('owner_id').references(() => owner.id),
  /** Private: shown to the API key that made it and to administrators alone. */
  visibility: text('visibility').$type<Visibility>().notNull().default('shared'),
  /** The API key that made it; null for the administrator's. */
  keyId: integer('key_id'),
  /** How it is shown as a board where nothing else is asked for. */
  board: text('board', { mode: 'json' }).$type<BoardLayout>(),
  /** Of a dynamic one: the criteria its members are found by, as they were sent. */
  where: text('criteria', { mode: 'json' }).$type<Criteria>(),
  /** Of a combined one: the two selections, and which of their members it holds. */
  firstId: integer('first_id').references((): AnySQLiteColumn => selection.id),
  secondId: integer('second_id').references((): AnySQLiteColumn => selection.id),
  operator: text('operator').$type<CombineOperator>(),
  /** Fields that are shown, and the order, where a view asks for no others. */
  columns: text('columns', { mode: 'json' }).$type<string[]>(),
  sort: text('sort', { mode: 'json' }).$type<SortKey[]>(),
  /** What a selection was before it was frozen. */
  frozenFrom: text('frozen_from', { mode: 'json' }).$type<FrozenFrom>(),
  frozenAt: integer('frozen_at'),
  /** Rises with every change of the selection itself: who changes it states the one that was read. */
  revision: integer('revision').notNull().default(1),
});

/** The id of a record of any kind: a number, or a submission's text, which a column of numbers keeps as it is. */
const recordId = customType<{ data: number | string }>({ dataType: () => 'integer' });

export const selectionMember = sqliteTable(
  'selection_member',
  {
    selectionId: integer('selection_id')
      .notNull()
      .references(() => selection.id, { onDelete: 'cascade' }),
    memberId: recordId('member_id').notNull(),
    addedAt: integer('added_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.selectionId, table.memberId] }),
    // Which selections is this person in.
    index('selection_member_member').on(table.memberId),
  ],
);
