import { sql } from 'drizzle-orm';
import { groupFields } from '../../domain/attribution/origin-fields.ts';
import { isDirectOrigin } from '../fragments/direct-origin.ts';
import { columnKey } from '../fragments/origin-columns.ts';
import { origin } from '../schema/origins.ts';
import { originGroup } from '../schema/totals.ts';
import { defineTrigger, defineView } from './objects.ts';
import type { ProgramObject } from './objects.ts';
import { all, any, list, newRow, oldRow, rowOf } from './render-sql.ts';

/** What the origins of a group have in common, by the schema's names. */
const groupColumns = groupFields.map(columnKey);

const [wasOrigin, isOrigin] = [oldRow(origin), newRow(origin)];
const storeGroup = sql`INSERT INTO ${originGroup} (${sql.raw(groupColumns.map((name) => originGroup[name].name).join(', '))})
  VALUES (${list(groupColumns.map((name) => isOrigin[name]))}) ON CONFLICT DO NOTHING`;

const [o, g] = [rowOf(origin, 'o'), rowOf(originGroup, 'g')];

export const groupOfOrigin = defineView({
  name: 'group_of_origin',
  comment: 'The group of each origin, and whether nothing is known of the origin.',
  columns: { originId: o.id, groupId: g.id, isDirect: isDirectOrigin(o) },
  from: sql`FROM ${origin} o CROSS JOIN ${originGroup} g ON ${all(groupColumns.map((name) => sql`${g[name]} = ${o[name]}`))}`,
});

/** Every origin has its group from the start, so that nothing is rolled up before its group exists. */
export const originGroups: ProgramObject[] = [
  defineTrigger({ name: 'group_of_new_origin', event: 'AFTER INSERT', on: origin, statements: [storeGroup] }),
  defineTrigger({
    name: 'group_of_changed_origin',
    event: 'AFTER UPDATE',
    of: groupColumns.map((name) => origin[name]),
    on: origin,
    when: any(groupColumns.map((name) => sql`${wasOrigin[name]} <> ${isOrigin[name]}`)),
    statements: [storeGroup],
  }),
  groupOfOrigin.object,
];
