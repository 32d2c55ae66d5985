import { sql } from 'drizzle-orm';
import { builtInDashboard } from '../../domain/reports/dashboard-tiles.ts';
import { visibilities } from '../../domain/segments/selections.ts';
import { dashboard } from '../schema/boards.ts';
import { namedRecords } from '../segments/named-records.ts';
import { defineList, listField } from './declare-list.ts';

/** Number of the built-in dashboard among the rows: no row of the table has it. */
export const builtInNumber = 0;

const { name, description, tiles } = builtInDashboard;

/** The dashboards of the table, and the built-in one: the default where no other is. */
export const allDashboards = sql`(SELECT id, name, description, owner_id, visibility, key_id, is_default, tiles, revision, created_at, updated_at
    FROM ${dashboard}
  UNION ALL SELECT ${sql.raw(String(builtInNumber))}, ${name}, ${description}, NULL, 'shared', NULL,
    NOT EXISTS (SELECT 1 FROM ${dashboard} d WHERE d.is_default), ${JSON.stringify(tiles)}, 1, 0, 0) dashboard`;

export const dashboardList = defineList({
  name: 'dashboards',
  from: allDashboards,
  key: dashboard.id,
  fields: [
    listField.id(
      sql`iif(${dashboard.id} = ${sql.raw(String(builtInNumber))}, ${builtInDashboard.id}, CAST(${dashboard.id} AS text))`,
      'text',
    ),
    listField.text('name', ['Name', 'Navn'], dashboard.name),
    listField.text('description', ['Description', 'Beskrivelse'], dashboard.description),
    listField.reference('owner', ['Owner', 'Eier'], {
      records: namedRecords.owner,
      id: dashboard.ownerId,
      name: sql`(SELECT o.name FROM owner o WHERE o.id = dashboard.owner_id)`,
    }),
    listField.choice('visibility', ['Visibility', 'Synlighet'], dashboard.visibility, visibilities),
    listField.boolean('isDefault', ['Default', 'Standard'], dashboard.isDefault),
    listField.moment('createdAt', ['Created', 'Opprettet'], sql`nullif(${dashboard.createdAt}, 0)`),
    listField.moment('updatedAt', ['Changed', 'Endret'], sql`nullif(${dashboard.updatedAt}, 0)`),
  ],
  moment: 'createdAt',
  sort: '-createdAt',
});
