import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { recordByName } from '../../../domain/attribution/origin-field-names.ts';
import { allFields } from '../../../domain/attribution/origin-fields.ts';
import type { DimensionName } from '../../../domain/reports/dimensions.ts';
import type { DimensionValue } from '../../../domain/reports/facts.ts';
import { toStoredHost } from '../../../domain/hosts/shown-hosts.ts';
import { foldedInSql } from '../../segments/stored.ts';
import { isOriginColumn, labelOf } from '../keys.ts';

const fields = recordByName(allFields, (field): string => field);

/**
 * Whether a key of a dimension is the one that a report shows as `value`. Unlike a filter, which takes any spelling, it is the one
 * group alone.
 */
export function isGroup(name: DimensionName, key: SQL, value: DimensionValue): SQL {
  if (name === 'path') return sql`${labelOf(name, key, key)} = ${JSON.stringify(value ?? [])}`;
  if (value === null) return sql`${key} IS NULL`;
  if (typeof value !== 'string') return isRecord(name, key, Array.isArray(value) ? '' : value.id);
  if (isOriginColumn(name) || name === 'landingPage') {
    const field = name === 'landingPage' ? name : fields[name];
    return sql`${key} IN (SELECT id FROM origin_value WHERE field = ${field} AND coalesce(alias_label, label) IN (${value}, ${toStoredHost(value)}))`;
  }
  if (name === 'category' || name === 'leadStatus') {
    const table = sql.raw(name === 'category' ? 'category' : 'lead_status');
    return sql`${key} IN (SELECT id FROM ${table} WHERE name = ${value})`;
  }
  if (name === 'selfReported') return sql`${key} = ${foldedInSql(sql`trim(${value})`)}`;
  return sql`${labelOf(name, key, key)} = ${value}`;
}

function isRecord(name: DimensionName, key: SQL, id: string): SQL {
  if (name !== 'form' && name !== 'site') return sql`${key} = ${Number(id)}`;
  return sql`${key} = (SELECT id FROM ${sql.raw(name)} WHERE key = ${id})`;
}
