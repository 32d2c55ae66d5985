import { sql } from 'drizzle-orm';
import {
  movablePoints,
  reclassificationCounts,
  reclassificationStates,
} from '../../domain/attribution/reclassification.ts';
import { bulkUpdate } from '../schema/bulk-updates.ts';
import { personMerge } from '../schema/people.ts';
import { reclassification } from '../schema/reclassifications.ts';
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
