import { defineStatement } from '../statement.ts';

/** The statements that keep each value and each origin once, and the SQL that finds them again. */

/** True only while the settings are of the version that `:version` names. */
export const versionHolds = `(SELECT version FROM settings WHERE id = 1) = :version`;

export const originId = (key: string) => `(SELECT id FROM origin WHERE key = ${key})`;

/** 0 where the value is not known. */
export const valueId = (field: string, value: string) =>
  `coalesce((SELECT id FROM origin_value WHERE field = '${field}' AND canonical = ${value}), 0)`;

/** `values`: JSON `[{ field, canonical, label }]`. Harmless where the gate is shut: a value stands for itself alone. */
export const insertValues = defineStatement(`
  INSERT INTO origin_value (field, canonical, label, alias_of, first_seen_at)
  SELECT v.value ->> 'field', v.value ->> 'canonical', v.value ->> 'label',
    (SELECT coalesce(target.alias_of, target.id) FROM alias_from f JOIN alias a ON a.id = f.alias_id
       JOIN origin_value target ON target.field = a.field AND target.canonical = a.to_canonical
      WHERE f.field = v.value ->> 'field' AND f.canonical = v.value ->> 'canonical'),
    :at
  FROM json_each(:values) v WHERE true
  ON CONFLICT DO NOTHING`);

/** `origins`: JSON `[{ key, siteId, source, medium, campaign, term, content, id, referrerDomain, channel, clickIdName }]`, canonical. */
export const insertOrigins = defineStatement(`
  INSERT INTO origin (key, site_id, source_id, medium_id, campaign_id, term_id, content_id, utm_id_id,
    referrer_domain_id, channel_id, click_id_name)
  SELECT o.value ->> 'key', o.value ->> 'siteId',
    ${valueId('source', "o.value ->> 'source'")}, ${valueId('medium', "o.value ->> 'medium'")},
    ${valueId('campaign', "o.value ->> 'campaign'")}, ${valueId('term', "o.value ->> 'term'")},
    ${valueId('content', "o.value ->> 'content'")}, ${valueId('id', "o.value ->> 'id'")},
    ${valueId('referrerDomain', "o.value ->> 'referrerDomain'")}, ${valueId('channel', "o.value ->> 'channel'")},
    o.value ->> 'clickIdName'
  FROM json_each(:origins) o
  WHERE NOT EXISTS (SELECT 1 FROM origin WHERE key = o.value ->> 'key')
    AND ${versionHolds}
  ON CONFLICT DO NOTHING`);
