import { sql } from 'drizzle-orm';
import { selectionEntities, visibilities } from '../../domain/segments/selections.ts';
import { selection } from '../schema/people.ts';
import { namedRecords } from '../segments/named-records.ts';
import { defineList, listField } from './declare-list.ts';

export const selectionList = defineList({
  name: 'selections',
  from: sql`${selection}`,
  key: selection.id,
  fields: [
    listField.id(selection.id),
    listField.text('name', ['Name', 'Navn'], selection.name),
    listField.choice('entity', ['Entity', 'Entitet'], selection.entity, selectionEntities),
    listField.choice('kind', ['Kind', 'Slag'], selection.kind, selection.kind.enumValues),
    listField.text('description', ['Description', 'Beskrivelse'], selection.description),
    listField.reference('owner', ['Owner', 'Eier'], {
      records: namedRecords.owner,
      id: selection.ownerId,
      name: sql`(SELECT o.name FROM owner o WHERE o.id = selection.owner_id)`,
    }),
    listField.choice('visibility', ['Visibility', 'Synlighet'], selection.visibility, visibilities),
    listField.moment('createdAt', ['Created', 'Opprettet'], selection.createdAt),
  ],
  moment: 'createdAt',
  sort: '-createdAt',
});
