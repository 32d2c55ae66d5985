import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { recordByName } from '../../../domain/attribution/origin-field-names.ts';
import type { Named } from '../../../domain/attribution/origin-field-names.ts';
import { allFields, originFields, sentFields, utmFields } from '../../../domain/attribution/origin-fields.ts';
import type { OriginField, SentField, UtmField } from '../../../domain/attribution/origin-fields.ts';
import type { ClickId } from '../../../domain/attribution/types.ts';
import { clickIdsJson } from '../../fragments/click-ids.ts';

/** A touch as the API shows it: values by their labels after alias rules, `at` in ISO 8601 UTC. */
export type TouchView = Named<SentField, string | null> & {
  channel: string;
  /** The one that decided. */
  clickId: ClickId | null;
  /** All of the arrival, in the order of its address. */
  clickIds: ClickId[];
  landingPage: string | null;
  at: string;
};

type RawValues = Named<UtmField, string | null>;

/** With the spellings as they were sent, which no alias changes. */
export type RawTouchView = TouchView & { raw: RawValues };

/** SQL expressions for the parts of a stored point. No name in them may be `touch_origin`, `touch_row`, `own` or `shown`. */
export type PointExpressions = { personId: string; originId: string; at: string; landingPageId: string };

/** What is shown for a value's id: the label of the value it counts as. Null for 0, which stands for unknown. */
const label = (id: string) => `(SELECT coalesce(shown.alias_label, shown.label) FROM origin_value own
  JOIN origin_value shown ON shown.id = coalesce(own.alias_of, own.id) WHERE own.id = ${id})`;

/**
 * As sent: the touch keeps a spelling only where it differs from the canonical value. Where newer rules took a value for none, it is the one
 * that the origin was stored with.
 */
const spelling = (field: SentField, id: string) =>
  `coalesce(touch_row.raw ->> '${field}', (SELECT own.canonical FROM origin_value own
    WHERE own.id = coalesce(nullif(${id}, 0), touch_origin.evidence ->> ${sentFields.indexOf(field)})))`;

/** The members of a JSON object, by the API's names. */
const members = <Field extends OriginField>(
  fields: readonly Field[],
  valueOf: (field: Field, id: string) => string,
): string =>
  fields
    .map((field) => `'${originFields[field].name}', ${valueOf(field, `touch_origin.${originFields[field].column}`)}`)
    .join(', ');

/**
 * The SQL of one point as JSON, for `toTouch` and `toRawTouch`; NULL where there is no such point. Primary keys and one
 * unique index find everything, so that a list needs no second query.
 * @param expressions text of our own, never a value from outside.
 */
export function touchJson({ personId, originId, at, landingPageId }: PointExpressions, { raw = false } = {}): string {
  return `(SELECT json_object('at', ${at}, ${members(allFields, (_field, id) => label(id))}, 'landingPage', ${label(landingPageId)},
    'clickIdName', touch_row.click_id_name, 'clickIdValue', touch_row.click_id_value, 'clickIds', json(touch_row.click_ids)
    ${raw ? `, 'raw', json_object(${members(utmFields, spelling)})` : ''})
  FROM origin touch_origin
  LEFT JOIN touch touch_row
    ON touch_row.person_id = ${personId} AND touch_row.at = ${at} AND touch_row.origin_id = touch_origin.id
  WHERE touch_origin.id = ${originId})`;
}

/** The newest click id of each name that a person came with, newest first. `decided`: it decided the origin of its arrival. */
export type PersonClickId = ClickId & { at: string; decided: boolean };

/** A row whose bare columns are those of the newest touch: SQLite takes them from the row that max() found. */
export const newestClickIds: SQL<PersonClickId[]> = sql
  .raw(
    `(SELECT json_group_array(json_object('name', newest.name, 'value', newest.value, 'at', newest.at, 'decided', newest.decided)) FROM (
      SELECT entry.value ->> 'name' AS name, entry.value ->> 'value' AS value, max(t.at) AS at,
        t.click_id_name = entry.value ->> 'name' AS decided
      FROM touch t, json_each(${clickIdsJson('t')}) entry
      WHERE t.person_id = person.id AND t.click_id_value IS NOT NULL GROUP BY 1 ORDER BY 3 DESC, 1) newest)`,
  )
  .mapWith((json: string) =>
    (JSON.parse(json) as Array<ClickId & { at: number; decided: number }>).map(({ at, decided, ...clickId }) => ({
      ...clickId,
      at: new Date(at).toISOString(),
      decided: decided === 1,
    })),
  ) as SQL<PersonClickId[]>;

/** `touchJson` as a column of a select. */
export function touchColumn(point: PointExpressions): SQL<TouchView | null> {
  return sql.raw(touchJson(point)).mapWith(toTouch) as SQL<TouchView | null>;
}

/** `touchJson` with raw spellings, as a column of a select. */
export function rawTouchColumn(point: PointExpressions): SQL<RawTouchView | null> {
  return sql.raw(touchJson(point, { raw: true })).mapWith(toRawTouch) as SQL<RawTouchView | null>;
}

type TouchJson = Omit<TouchView, 'at' | 'clickId' | 'clickIds'> & {
  at: number;
  clickIdName: string | null;
  clickIdValue: string | null;
  clickIds: ClickId[] | null;
};

type RawTouchJson = TouchJson & { raw: RawValues };

/** Reads what `touchJson` gave. */
export function toTouch(json: string): TouchView {
  return fromJson(JSON.parse(json) as TouchJson);
}

/** Reads what `touchJson` gave with raw spellings. */
function toRawTouch(json: string): RawTouchView {
  return rawFromJson(JSON.parse(json) as RawTouchJson);
}

/** Reads a JSON list of what `touchJson` gave with raw spellings. */
export function toRawTouches(json: string): RawTouchView[] {
  return (JSON.parse(json) as RawTouchJson[]).map(rawFromJson);
}

function rawFromJson({ raw, ...touch }: RawTouchJson): RawTouchView {
  return { ...fromJson(touch), raw };
}

function fromJson(touch: TouchJson): TouchView {
  const { clickIdName, clickIdValue } = touch;
  const clickId = clickIdName !== null && clickIdValue !== null ? { name: clickIdName, value: clickIdValue } : null;
  return {
    channel: touch.channel,
    ...recordByName(utmFields, (field) => touch[originFields[field].name]),
    clickId,
    clickIds: touch.clickIds ?? (clickId ? [clickId] : []),
    referrerDomain: touch.referrerDomain,
    landingPage: touch.landingPage,
    at: new Date(touch.at).toISOString(),
  };
}
