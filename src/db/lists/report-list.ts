import { sql } from 'drizzle-orm';
import { presets } from '../../domain/reports/presets.ts';
import { savedReport } from '../schema/saved-reports.ts';
import { defineList, listField } from './declare-list.ts';

const ofPresets = JSON.stringify(presets.map(({ id, name, description }) => ({ id, name, description })));

/** Presets, which the code declares, and then saved reports. `place` puts them in order. */
export const reportRows = sql`(SELECT p.value ->> 'id' AS id, 'preset' AS kind, p.value ->> '$.name.en' AS name_en,
    p.value ->> '$.name.no' AS name_no, p.value ->> '$.description.en' AS description_en,
    p.value ->> '$.description.no' AS description_no, p.key AS place, NULL AS query, NULL AS created_at, NULL AS updated_at
    FROM json_each(${ofPresets}) p
  UNION ALL SELECT CAST(id AS text), 'saved', name, name, NULL, NULL, 1000 + id, query, created_at, updated_at
    FROM ${savedReport}) report`;

const column = (name: string) => sql`report.${sql.identifier(name)}`;

export const reportList = defineList({
  name: 'reports',
  from: reportRows,
  key: column('place'),
  fields: [
    listField.id(column('id'), 'text'),
    listField.choice('kind', ['Kind', 'Slag'], column('kind'), ['preset', 'saved']),
    listField.text('name.en', ['Name in English', 'Navn på engelsk'], column('name_en')),
    listField.text('name.no', ['Name in Norwegian', 'Navn på norsk'], column('name_no')),
    listField.text('description.en', ['Description in English', 'Beskrivelse på engelsk'], column('description_en')),
    listField.text('description.no', ['Description in Norwegian', 'Beskrivelse på norsk'], column('description_no')),
    listField.moment('createdAt', ['Created', 'Opprettet'], column('created_at')),
    listField.moment('updatedAt', ['Changed', 'Endret'], column('updated_at')),
  ],
  moment: 'createdAt',
  // Presets in the order of their declaration, then saved reports, the oldest first.
  sort: 'kind',
});
