import { getTableName, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { clickIdPlatform, clickIdPlatforms } from '../../domain/attribution/click-ids.ts';
import type { Entity } from '../../domain/segments/fields.ts';
import { clickIdsJson } from '../fragments/click-ids.ts';
import { touch } from '../schema/origins.ts';
import type { CompileContext } from './context.ts';
import { fieldsOf } from './declare.ts';
import type { Field, Point, PointColumns } from './declare.ts';
import { plainText, tables } from './stored.ts';
import type { Column, Stored } from './stored.ts';

/**
 * Click ids are fields by their name: `clickIds.gclid` of a touch, `firstTouch.clickIds.gclid` of a point. They have no declaration of
 * their own, since an import may bring a name that no platform has: each is made when it is asked for.
 */
const pattern = /^((?:\w+\.)*)clickIds\.([A-Za-z][\w-]{0,63})$/;

/** The field of a click id of one of the points, by its name; undefined where the name is of another kind. */
export function findClickIdField(entity: Entity, name: string, points: readonly Point[]): Field | undefined {
  const [, prefix, given] = pattern.exec(name) ?? [];
  if (prefix === undefined || given === undefined) return undefined;
  const clickId = clickIdPlatform(given)?.name ?? given;
  const point = points.find((one) => one.prefix === prefix);
  return point && clickIdField({ entity, point, clickId });
}

/** The fields of every click id that a platform sets. */
export function clickIdFields(entity: Entity, points: readonly Point[]): Field[] {
  return points.flatMap((point) => clickIdPlatforms.map(({ name }) => clickIdField({ entity, point, clickId: name })));
}

function clickIdField({ entity, point, clickId }: { entity: Entity; point: Point; clickId: string }): Field {
  const label = (of: string) => (of === '' ? clickId : `${of}: ${clickId}`);
  const [en, no] = point.label;
  return fieldsOf(entity)(
    `${point.prefix}clickIds.${clickId}`,
    'text',
    [label(en), label(no)],
    (table, context) => clickIdColumn({ entity, point, clickId, table, context }),
    { plan: { isNarrowByBeginning: false, isSlow: true } },
  );
}

type Condition = (inner: Stored) => SQL;
type Place = { entity: Entity; point: Point; clickId: string; table: SQLiteTable; context: CompileContext };

/** The last click id of that name is shown, case and all. A condition holds where it holds for any of that name. */
function clickIdColumn({ entity, point, clickId, table, context }: Place): Column {
  const isTouch = entity === 'touch' && point.prefix === '';
  const t = isTouch ? { table: table as typeof touch, from: null } : context.aliases.of(touch);
  const own = isTouch ? null : isTouchOf(t.table, point.point(table, context));
  const each = sql`json_each(${sql.raw(clickIdsJson(getTableName(t.table)))}) entry`;
  const value = sql`entry.value ->> 'value'`;
  const isNamed = sql`${t.table.clickIdValue} IS NOT NULL AND entry.value ->> 'name' = ${clickId}`;
  const found = (what: SQL, and: SQL) =>
    sql`(SELECT ${what} FROM ${t.from ? sql`${t.from}, ${each}` : each} WHERE ${own ? sql`${own} AND ` : sql``}${isNamed}${and})`;
  const shown = found(value, sql` ORDER BY entry.key DESC LIMIT 1`);
  const ofOne = (condition: Condition) => sql`EXISTS ${found(sql`1`, sql` AND ${condition(plainText(value).stored)}`)}`;
  const ofAll = (condition: Condition) => {
    const idOf = (of: SQLiteTable) => (of as typeof tables.person).id;
    return context.isIn(idOf(table), (inner) => {
      const record = inner.aliases.of(tables[entity] as SQLiteTable);
      const columns = point.point(record.table, inner);
      return sql`SELECT ${idOf(record.table)} FROM ${t.from} CROSS JOIN ${each} CROSS JOIN ${record.from} ON ${isTouchOf(t.table, columns)}
        WHERE ${isNamed} AND ${condition(plainText(value).stored)}`;
    });
  };
  return {
    stored: { kind: 'lookup', where: isTouch || context.ofEach || point.plan?.isSlow ? ofOne : ofAll },
    shown,
    sorted: plainText(shown).sorted,
  };
}

/** The touch of a point: the row of its person, time and origin. */
function isTouchOf(t: typeof touch, { personId, at, originId }: PointColumns): SQL {
  return sql`${t.personId} = ${personId} AND ${t.at} = ${at} AND ${t.originId} = ${originId}`;
}
