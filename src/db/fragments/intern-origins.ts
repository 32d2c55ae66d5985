import { originFields, sentFields } from '../../domain/attribution/origin-fields.ts';

/** The SQL that stores each value and each origin once, and finds them again. Plain text: the edge sends some of it itself. */

export const originId = (key: string) => `(SELECT id FROM origin WHERE key = ${key})`;

/** 0 where the value is not known. */
export const valueId = (field: string, value: string) =>
  `coalesce((SELECT id FROM origin_value WHERE field = '${field}' AND canonical = ${value}), 0)`;

/** @param values JSON `[{ field, canonical, label }]`. A value for which there is a correction points at the corrected one. */
export const storeValuesSql = ({
  values,
  at,
}: {
  values: string;
  at: string;
}) => `INSERT INTO origin_value (field, canonical, label, alias_of, first_seen_at)
  SELECT v.value ->> 'field', v.value ->> 'canonical', v.value ->> 'label',
    (SELECT coalesce(target.alias_of, target.id) FROM alias_from f JOIN alias a ON a.id = f.alias_id
       JOIN origin_value target ON target.field = a.field AND target.canonical = a.to_canonical
      WHERE f.field = v.value ->> 'field' AND f.canonical = v.value ->> 'canonical'),
    ${at}
  FROM json_each(${values}) v WHERE true
  ON CONFLICT DO NOTHING`;

const storedFields = [...sentFields, 'channel'] as const;

/** @param origins JSON of `StoredOrigin`s (services/attribution/prepare-touches.ts): canonical values by field. */
export const storeOriginsSql = ({
  origins,
  rest = '',
}: {
  origins: string;
  rest?: string;
}) => `INSERT INTO origin (key, site_id, ${storedFields.map((field) => originFields[field].column).join(', ')}, click_id_name, rules_version)
  SELECT o.value ->> 'key', o.value ->> 'siteId',
    ${storedFields.map((field) => valueId(field, `o.value ->> '${field}'`)).join(', ')},
    o.value ->> 'clickIdName', coalesce(o.value ->> 'rulesVersion', 0)
  FROM json_each(${origins}) o WHERE NOT EXISTS (SELECT 1 FROM origin WHERE key = o.value ->> 'key')${rest}`;
