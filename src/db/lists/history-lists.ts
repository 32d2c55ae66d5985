import { sql } from 'drizzle-orm';
import type { SQLWrapper } from 'drizzle-orm';
import {
  movablePoints,
  reclassificationCounts,
  reclassificationStates,
} from '../../domain/attribution/reclassification.ts';
import { changeVias, dealLinkRule } from '../../domain/people/record-history.ts';
import { automationCauses } from '../../domain/settings/automation.ts';
import { bulkUpdate } from '../schema/bulk-updates.ts';
import { form } from '../schema/forms.ts';
import { personMerge } from '../schema/people.ts';
import { recordChange } from '../schema/record-changes.ts';
import { reclassification } from '../schema/reclassifications.ts';
import { apiKey } from '../schema/settings.ts';
import { user } from '../schema/users.ts';
import { namedRecords } from '../segments/named-records.ts';
import { defineList, listField } from './declare-list.ts';

const time = ['Time', 'Tidspunkt'] as const;
const undone = ['Undone', 'Angret'] as const;

export const bulkUpdateList = defineList({
  name: 'bulk-updates',
  from: sql`${bulkUpdate}`,
  key: bulkUpdate.id,
  fields: [
    listField.id(bulkUpdate.id, 'text'),
    listField.choice('entity', ['Entity', 'Entitet'], bulkUpdate.entity, ['person', 'company']),
    listField.reference('selection', ['Selection', 'Utvalg'], {
      records: namedRecords.selection,
      id: bulkUpdate.selectionId,
      // One that was deleted since has no name.
      name: sql`CASE WHEN bulk_update.selection_id IS NOT NULL
        THEN coalesce((SELECT s.name FROM selection s WHERE s.id = bulk_update.selection_id), '') END`,
    }),
    listField.text('change.field', ['Field', 'Felt'], sql`(bulk_update.change ->> '$.field')`),
    listField.moment('at', time, bulkUpdate.at),
    listField.number('count', ['Records changed', 'Endrede poster'], bulkUpdate.count),
    listField.moment('undoneAt', undone, bulkUpdate.undoneAt),
    listField.number('restored', ['Restored', 'Tilbakeført'], bulkUpdate.restored),
    listField.number('left', ['Left as they are', 'Ikke tilbakeført'], sql`(bulk_update.count - bulk_update.restored)`),
  ],
  moment: 'at',
  sort: '-at',
});

export const reclassificationList = defineList({
  name: 'origins/reclassifications',
  from: sql`${reclassification}`,
  key: reclassification.id,
  fields: [
    listField.id(reclassification.id, 'text'),
    listField.moment('at', time, reclassification.at),
    listField.choice('state', ['State', 'Tilstand'], reclassification.state, reclassificationStates),
    listField.number('rulesVersion', ['Version of the rules', 'Reglenes versjon'], reclassification.rulesVersion),
    ...reclassificationCounts.map((name) =>
      listField.number(`changes.${name}`, [`Changed: ${name}`, `Endret: ${name}`], countOf(name)),
    ),
    ...movablePoints.map((name) =>
      listField.number(`movedPoints.${name}`, [`Moved: ${name}`, `Flyttet: ${name}`], countOf(name)),
    ),
    listField.moment('finishedAt', ['Finished', 'Ferdig'], reclassification.finishedAt),
    listField.moment('undoneAt', undone, reclassification.undoneAt),
  ],
  moment: 'at',
  sort: '-at',
});

function countOf(name: string) {
  return sql`(reclassification.counts ->> ${`$.${name}`})`;
}

export const personMergeList = defineList({
  name: 'people/merges',
  from: sql`${personMerge}`,
  key: personMerge.id,
  fields: [
    listField.id(personMerge.id),
    listField.idOf('person', ['Person', 'Person'], personMerge.personId),
    listField.idOf('removedPerson', ['Removed person', 'Fjernet person'], personMerge.removedPersonId),
    listField.text(
      'removedPerson.email',
      ['E-mail of the removed person', 'E-post til fjernet person'],
      sql`(person_merge.removed ->> '$.email')`,
    ),
    listField.moment('at', time, personMerge.at),
    listField.moment('undoneAt', undone, personMerge.undoneAt),
  ],
  moment: 'at',
  sort: '-at',
});

/** The form whose submission brought a change: that of the same record and moment. */
const formOfChange = sql`CASE WHEN ${recordChange.via} IS NULL THEN (SELECT s.form_id FROM submission s
  WHERE CASE ${recordChange.entity} WHEN 'person' THEN s.person_id WHEN 'company' THEN s.company_id END = ${recordChange.recordId}
    AND s.at = ${recordChange.at} LIMIT 1) END`;
export const isFormOfChange = sql`${form.id} = ${formOfChange}`;

/** A value as text: a record's name, else what it is. */
const valueText = (json: SQLWrapper) =>
  sql`CAST(coalesce(${json} ->> '$.name', ${json} ->> '$.text', ${json} ->> '$.id', ${json} ->> '$') AS text)`;

/** Somebody who is gone is known by what they did. */
const namesToo = (table: SQLWrapper, [id, name]: [id: SQLWrapper, name: SQLWrapper]) =>
  sql`(SELECT id, name FROM ${table} UNION SELECT ${id}, ${name} FROM ${recordChange})`;

/** What changed of a person, a company or a deal. */
export const recordHistoryList = defineList({
  name: 'history',
  from: sql`${recordChange} LEFT JOIN ${form} ON ${isFormOfChange}`,
  key: recordChange.id,
  fields: [
    listField.id(recordChange.id),
    listField.moment('at', time, recordChange.at),
    listField.text('field', ['Field', 'Felt'], recordChange.field),
    listField.text('before', ['Before', 'Før'], valueText(recordChange.before)),
    listField.text('after', ['After', 'Etter'], valueText(recordChange.after)),
    listField.choice(
      'via',
      ['Changed by way of', 'Endret gjennom'],
      sql`coalesce(${recordChange.via}, 'form')`,
      changeVias,
    ),
    listField.choice('rule', ['Rule', 'Regel'], recordChange.rule, [...automationCauses, dealLinkRule]),
    listField.reference('form', ['Form', 'Skjema'], {
      records: namedRecords.form,
      id: sql`coalesce(${form.key}, NULL)`,
      name: form.name,
      ids: 'text',
    }),
    listField.reference('by', ['User', 'Bruker'], {
      records: {
        what: 'user',
        table: namesToo(user, [recordChange.userId, recordChange.userName]),
        id: user.id,
        name: user.name,
      },
      id: recordChange.userId,
      name: recordChange.userName,
    }),
    listField.reference('key', ['API key', 'API-nøkkel'], {
      records: {
        what: 'API key',
        table: namesToo(apiKey, [recordChange.keyId, recordChange.keyName]),
        id: apiKey.id,
        name: apiKey.name,
      },
      id: recordChange.keyId,
      name: recordChange.keyName,
    }),
  ],
  moment: 'at',
  sort: '-at',
});
