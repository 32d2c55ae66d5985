import { sql } from 'drizzle-orm';
import {
  automationCauses,
  categoryGroups,
  categoryTriggers,
  proposalStates,
} from '../../domain/settings/automation.ts';
import { namedRecords } from '../segments/named-records.ts';
import { pipeline } from '../schema/deals.ts';
import { eventTypes, webhook } from '../schema/events.ts';
import { category, categoryProposal, company, leadStatus, owner } from '../schema/people.ts';
import { auditEntry } from '../schema/privacy.ts';
import { apiKey, site } from '../schema/settings.ts';
import { user } from '../schema/users.ts';
import { defineList, listField } from './declare-list.ts';

const created = ['Created', 'Opprettet'] as const;
const archived = ['Archived', 'Arkivert'] as const;
const name = ['Name', 'Navn'] as const;
const position = ['Position', 'Plass'] as const;

export const apiKeyList = defineList({
  name: 'api-keys',
  from: sql`${apiKey}`,
  key: apiKey.id,
  fields: [
    listField.id(apiKey.id),
    listField.text('name', name, apiKey.name),
    listField.text('prefix', ['First characters', 'Første tegn'], apiKey.prefix),
    listField.choices('scopes', ['Scopes', 'Rettigheter'], apiKey.scopes, ['read', 'write', 'admin']),
    listField.moment('expiresAt', ['Expires', 'Utløper'], apiKey.expiresAt),
    listField.moment('createdAt', created, apiKey.createdAt),
  ],
  moment: 'createdAt',
  sort: '-createdAt',
});

export const auditLogList = defineList({
  name: 'audit-log',
  from: sql`${auditEntry}`,
  key: auditEntry.id,
  fields: [
    listField.id(auditEntry.id),
    listField.moment('at', ['Time', 'Tidspunkt'], auditEntry.at),
    listField.reference('key', ['API key', 'API-nøkkel'], {
      // A key that was revoked is known by its entries alone.
      records: {
        what: 'API key',
        table: sql`(SELECT id, name FROM ${apiKey} UNION SELECT key_id, key_name FROM ${auditEntry})`,
        id: apiKey.id,
        name: apiKey.name,
      },
      id: auditEntry.keyId,
      name: auditEntry.keyName,
    }),
    listField.reference('by', ['User', 'Bruker'], {
      // A user who was deleted is known by their entries alone.
      records: {
        what: 'user',
        table: sql`(SELECT id, name FROM ${user} UNION SELECT user_id, user_name FROM ${auditEntry})`,
        id: user.id,
        name: user.name,
      },
      id: auditEntry.userId,
      name: auditEntry.userName,
    }),
    listField.text('operation', ['Operation', 'Handling'], auditEntry.operation),
    listField.number('status', ['Status', 'Status'], auditEntry.status),
  ],
  moment: 'at',
  sort: '-at',
});

export const categoryList = defineList({
  name: 'categories',
  from: sql`${category}`,
  key: category.id,
  fields: [
    listField.id(category.id),
    listField.text('name', name, category.name),
    listField.choice('group', ['Group', 'Gruppe'], category.group, categoryGroups),
    listField.number('position', position, category.position),
    listField.choices('setOn', ['Set on', 'Settes ved'], category.setOn, categoryTriggers),
    listField.text('description', ['Description', 'Beskrivelse'], category.description),
    listField.boolean(
      'resetsLeadStatus',
      ['Resets the lead status', 'Nullstiller leadstatus'],
      category.resetsLeadStatus,
    ),
    listField.boolean('needsConfirmation', ['Needs confirmation', 'Må bekreftes'], category.needsConfirmation),
    listField.moment('archivedAt', archived, category.archivedAt),
  ],
  moment: null,
  sort: 'position',
});

export const categoryProposalList = defineList({
  name: 'category-proposals',
  from: sql`${categoryProposal} JOIN ${company} ON ${company.id} = ${categoryProposal.companyId}
    JOIN ${category} ON ${category.id} = ${categoryProposal.categoryId}`,
  key: categoryProposal.id,
  fields: [
    listField.id(categoryProposal.id),
    listField.idOf('company', ['Company', 'Firma'], categoryProposal.companyId),
    listField.reference('category', ['Category', 'Kategori'], {
      records: namedRecords.category,
      id: categoryProposal.categoryId,
      name: category.name,
    }),
    listField.choice('cause', ['Cause', 'Årsak'], categoryProposal.cause, automationCauses),
    listField.moment('at', ['Time', 'Tidspunkt'], categoryProposal.at),
    listField.choice('state', ['State', 'Tilstand'], categoryProposal.state, proposalStates),
    listField.moment('decidedAt', ['Decided', 'Avgjort'], categoryProposal.decidedAt),
  ],
  moment: 'at',
  sort: '-at',
});

export const leadStatusList = defineList({
  name: 'lead-statuses',
  from: sql`${leadStatus} LEFT JOIN ${category} ON ${category.id} = ${leadStatus.setsCategoryId}`,
  key: leadStatus.id,
  fields: [
    listField.id(leadStatus.id),
    listField.text('name', name, leadStatus.name),
    listField.number('position', position, leadStatus.position),
    listField.text('description', ['Description', 'Beskrivelse'], leadStatus.description),
    listField.boolean('isDefault', ['Default', 'Standard'], leadStatus.isDefault),
    listField.moment('archivedAt', archived, leadStatus.archivedAt),
    listField.reference('setsCategory', ['Sets the category', 'Setter kategorien'], {
      records: namedRecords.category,
      id: leadStatus.setsCategoryId,
      name: category.name,
    }),
  ],
  moment: null,
  sort: 'position',
});

export const ownerList = defineList({
  name: 'owners',
  from: sql`${owner}`,
  key: owner.id,
  fields: [
    listField.id(owner.id),
    listField.text('name', name, owner.name),
    listField.text('email', ['E-mail', 'E-post'], owner.email),
    listField.boolean('active', ['Active', 'Aktiv'], owner.active),
    listField.moment('createdAt', created, owner.createdAt),
  ],
  moment: 'createdAt',
  sort: '-createdAt',
});

export const siteList = defineList({
  name: 'sites',
  from: sql`${site}`,
  key: site.id,
  fields: [
    listField.id(site.key, 'text'),
    listField.text('name', name, site.name),
    listField.choices('domains', ['Domains', 'Domener'], site.domains, null),
    listField.boolean('isDefault', ['Default', 'Standard'], site.isDefault),
    listField.text('timeZone', ['Time zone', 'Tidssone'], site.timeZone),
    listField.number('lookBackDays', ['Look-back days', 'Tilbakeblikk i dager'], site.lookBackDays),
    listField.choice('consent', ['Consent', 'Samtykke'], site.consent, ['off', 'required']),
    listField.boolean('utmTracking', ['UTM tracking', 'UTM-sporing'], site.utmTracking),
    listField.moment('createdAt', created, site.createdAt),
  ],
  moment: 'createdAt',
  sort: '-createdAt',
});

export const webhookList = defineList({
  name: 'webhooks',
  from: sql`${webhook}`,
  key: webhook.id,
  fields: [
    listField.id(webhook.id),
    listField.text('name', name, webhook.name),
    listField.text('url', ['Address', 'Adresse'], webhook.url),
    listField.choices('events', ['Events', 'Hendelser'], webhook.events, eventTypes),
    listField.boolean('enabled', ['Enabled', 'På'], webhook.enabled),
    listField.text('disabledReason', ['Turned off because', 'Slått av fordi'], webhook.disabledReason),
    listField.moment('createdAt', created, webhook.createdAt),
  ],
  moment: 'createdAt',
  sort: '-createdAt',
});

export const pipelineList = defineList({
  name: 'pipelines',
  from: sql`${pipeline}`,
  key: pipeline.id,
  fields: [
    listField.id(pipeline.id),
    listField.text('name', name, pipeline.name),
    listField.boolean('isDefault', ['Default', 'Standard'], pipeline.isDefault),
    listField.moment('createdAt', created, pipeline.createdAt),
  ],
  moment: 'createdAt',
  sort: '-createdAt',
});
