import { createClient } from '@libsql/client/http';
import { settleSome } from '../src/jobs/settle-reports.ts';

const month = (column: string) =>
  `CAST(strftime('%Y%m', (${column} + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer)`;

/** Journeys of `rows(id, person_id, company_id, end_at)` as the ids of their channels: read once for all, and not one by one. */
const paths = (name: string, rows: string) => `
  ${name}_row(id, person_id, company_id, end_at) AS MATERIALIZED (${rows}),
  ${name}_touch AS (SELECT r.id, t.at, t.id AS tid, t.origin_id FROM ${name}_row r JOIN touch t ON t.person_id = r.person_id
      AND t.at BETWEEN r.end_at - (SELECT ms FROM look_back) AND r.end_at
    UNION ALL SELECT r.id, s.at, 0, s.origin_id FROM ${name}_row r JOIN source s ON s.company_id = r.company_id
      AND s.at BETWEEN r.end_at - (SELECT ms FROM look_back) AND r.end_at WHERE r.person_id IS NULL),
  ${name}_path(id, path) AS MATERIALIZED (SELECT id, group_concat(k, ',' ORDER BY at, tid)
    FROM (SELECT j.*, step.k, step.direct, min(step.direct) OVER (PARTITION BY j.id) AS only_direct FROM ${name}_touch j JOIN step ON step.id = j.origin_id)
    WHERE direct = only_direct GROUP BY id)`;

/**
 * What the totals have to be, from the rows alone: of those leads and deals that count as settled. What is kept is asked for no
 * more than the part of the scale that an interval lies in, beside the interval itself.
 */
const counted = `
  look_back(ms) AS (SELECT 86400000 * look_back_days FROM site WHERE is_default),
  step(id, k, direct) AS MATERIALIZED (SELECT o.id, coalesce(v.alias_of, v.id), o.source_id + o.medium_id + o.campaign_id + o.term_id + o.content_id
    + o.utm_id_id + o.referrer_domain_id = 0 AND o.click_id_name IS NULL FROM origin o LEFT JOIN origin_value v ON v.id = o.channel_id),
  source(company_id, at, origin_id, page) AS MATERIALIZED (SELECT id, first_touch_at, first_touch_origin_id, first_touch_landing_page_id FROM company WHERE first_touch_origin_id IS NOT NULL
    UNION SELECT id, lead_creation_at, lead_creation_origin_id, lead_creation_landing_page_id FROM company WHERE lead_creation_origin_id IS NOT NULL),
  ${paths('lead', 'SELECT id, id, NULL, created_at FROM person')},
  ${paths('deal', 'SELECT id, person_id, company_id, registered_at FROM deal')},
  ${paths('close', 'SELECT id, person_id, company_id, closed_at FROM deal WHERE closed_at IS NOT NULL')},
  won(id, state) AS MATERIALIZED (SELECT person_id, max(1 + (status = 'won')) FROM deal GROUP BY 1),
  leads AS MATERIALIZED (SELECT p.*, f.bin, coalesce(w.state, 0) AS state, ${month('p.created_at')} AS month,
      CASE p.created_via WHEN 'form' THEN 0 WHEN 'api' THEN 1 WHEN 'import' THEN 2 WHEN 'chat' THEN 3 WHEN 'phone' THEN 4 WHEN 'event' THEN 5 WHEN 'manual' THEN 6 ELSE 7 END AS via,
      coalesce((SELECT id FROM saying WHERE text = trim(s.self_reported)), 0) AS said, coalesce(r.id, 0) AS lead_path,
      coalesce(a.channel_id, 0) AS first_channel, coalesce(b.channel_id, 0) AS lead_channel, coalesce(b.source_id, 0) AS source
    FROM person p JOIN lead_fact f ON f.person_id = p.id AND f.to_lead = p.created_at - p.first_touch_at LEFT JOIN won w ON w.id = p.id
    LEFT JOIN submission s ON s.id = p.creation_id LEFT JOIN lead_path j ON j.id = p.id LEFT JOIN report_path r ON r.path = j.path
    LEFT JOIN origin a ON a.id = p.first_touch_origin_id LEFT JOIN origin b ON b.id = p.lead_creation_origin_id),
  deals AS MATERIALIZED (SELECT d.*, f.deal_bin, f.win_bin, ${month('d.registered_at')} AS registered, ${month('d.closed_at')} AS closed,
      ${month('max(d.registered_at, d.closed_at)')} AS gone, d.status = 'won' AND d.closed_at IS NOT NULL AS won,
      coalesce(p.first_touch_origin_id, c.first_touch_origin_id, 0) AS first, coalesce(p.lead_creation_origin_id, c.lead_creation_origin_id, 0) AS lead,
      coalesce(p.first_touch_at, c.first_touch_at) AS first_at, coalesce(o.channel_id, 0) AS channel, coalesce(x.id, 0) AS deal_path, coalesce(y.id, 0) AS close_path,
      (unicode(d.currency) - 65) * 676 + (unicode(substr(d.currency, 2)) - 65) * 26 + unicode(substr(d.currency, 3)) - 65 AS code
    FROM deal d JOIN deal_fact f ON f.deal_id = d.id LEFT JOIN person p ON p.id = d.person_id
    LEFT JOIN company c ON c.id = d.company_id AND d.person_id IS NULL LEFT JOIN origin o ON o.id = coalesce(p.first_touch_origin_id, c.first_touch_origin_id)
    LEFT JOIN deal_path j ON j.id = d.id LEFT JOIN report_path x ON x.path = j.path LEFT JOIN close_path q ON q.id = d.id LEFT JOIN report_path y ON y.path = q.path),
  monthly(kind, month, key, n, m, won) AS (
    SELECT k.value, month, CASE k.value WHEN 1 THEN first_touch_origin_id * 16 + via WHEN 2 THEN lead_creation_origin_id * 16 + via
      WHEN 3 THEN coalesce(lead_status_id, 0) WHEN 4 THEN coalesce(created_form_id, 0) * 16777216 + lead_channel
      WHEN 6 THEN (coalesce(created_form_id, 0) * 16 + via) * 16777216 + source WHEN 7 THEN said * 16777216 + first_channel WHEN 8 THEN lead_path
      ELSE first_channel * 8192 + 4096 + bin END, count(*), sum(state > 0), sum(state = 2)
    FROM leads, json_each('[1,2,3,4,6,7,8,9]') k GROUP BY 1, 2, 3
    UNION ALL SELECT 20 + k.value, registered, CASE k.value WHEN 0 THEN lead ELSE first END * 32768 + code, count(*), sum(amount_minor), 0
    FROM deals, json_each('[0,1]') k GROUP BY 1, 2, 3
    UNION ALL SELECT 22, registered, deal_path, count(*), 0, 0 FROM deals GROUP BY 2, 3
    UNION ALL SELECT 23, registered, channel * 8192 + 4096 + deal_bin, count(*), 0, 0 FROM deals WHERE first_at IS NOT NULL GROUP BY 2, 3
    UNION ALL SELECT 24 + k.value, closed, CASE k.value WHEN 0 THEN lead WHEN 1 THEN first ELSE close_path END * 32768 + code,
      count(*), sum(amount_minor * won), sum(won) FROM deals, json_each('[0,1,2]') k WHERE closed_at IS NOT NULL GROUP BY 1, 2, 3
    UNION ALL SELECT 27, closed, channel * 8192 + 4096 + win_bin, count(*), 0, 0 FROM deals WHERE won AND first_at IS NOT NULL GROUP BY 2, 3
    UNION ALL SELECT 28 + k.value, gone, CASE k.value WHEN 0 THEN lead ELSE first END * 32768 + code, count(*), sum(amount_minor), 0
    FROM deals, json_each('[0,1]') k WHERE closed_at IS NOT NULL GROUP BY 1, 2, 3),
  counted AS (SELECT * FROM monthly
    UNION ALL SELECT 100 + kind, month / 100 * 100 + (month % 100 + 2) / 3 * 3 - 2, key, sum(n), sum(m), sum(won) FROM monthly GROUP BY 1, 2, 3
    UNION ALL SELECT 200 + kind, month / 100 * 100 + 1, key, sum(n), sum(m), sum(won) FROM monthly GROUP BY 1, 2, 3
    UNION ALL SELECT 300 + kind, 0, key, sum(n), sum(m), sum(won) FROM monthly GROUP BY 1, 2, 3
    UNION ALL SELECT 5, ${month('s.at')}, s.form_id * 16777216 + coalesce(o.channel_id, 0), count(*), sum(s.created_person = 0), 0
    FROM submission s LEFT JOIN origin o ON o.id = s.origin_id WHERE s.person_id IS NOT NULL GROUP BY 2, 3)`;

/** Where what is kept differs from what is counted anew; nothing, if all is well. */
export const differences = `
  WITH kept AS (SELECT * FROM settled_total WHERE n <> 0 OR m <> 0 OR won <> 0
    UNION ALL SELECT * FROM report_total WHERE n <> 0 OR m <> 0 OR won <> 0), ${counted}
  SELECT 'kept' AS side, * FROM (SELECT * FROM kept EXCEPT SELECT * FROM counted)
  UNION ALL SELECT 'counted', * FROM (SELECT * FROM counted EXCEPT SELECT * FROM kept)`;

/** Leads and deals that are neither settled nor known to be unsettled: reports would leave them out. */
export const lost = `
  SELECT 'lead' AS what, id FROM person WHERE id NOT IN (SELECT person_id FROM lead_fact) AND id NOT IN (SELECT id FROM pending_lead)
  UNION ALL SELECT 'lead twice', id FROM pending_lead WHERE id IN (SELECT person_id FROM lead_fact)
  UNION ALL SELECT 'deal', id FROM deal WHERE id NOT IN (SELECT deal_id FROM deal_fact) AND id NOT IN (SELECT id FROM pending_deal)
  UNION ALL SELECT 'deal twice', id FROM pending_deal WHERE id IN (SELECT deal_id FROM deal_fact)`;

/** In one transaction. Leads and deals are then settled some at a time; reports wait for nothing, and are right all the while. */
export const rebuild = [
  `UPDATE person SET deal_state = coalesce((SELECT max(1 + (d.status = 'won')) FROM deal d WHERE d.person_id = person.id), 0)
    WHERE deal_state <> 0 OR id IN (SELECT person_id FROM deal WHERE person_id IS NOT NULL)`,
  'INSERT INTO unsettle_all SELECT look_back_days FROM site WHERE is_default',
  'DELETE FROM report_total',
  `INSERT INTO report_total (kind, month, key, n, m, won)
    SELECT 5, ${month('s.at')}, s.form_id * 16777216 + coalesce(o.channel_id, 0), count(*), sum(s.created_person = 0), 0
    FROM submission s LEFT JOIN origin o ON o.id = s.origin_id WHERE s.person_id IS NOT NULL GROUP BY 2, 3`,
];

if (import.meta.main) {
  const url = process.env['LIBSQL_URL'];
  if (!url) {
    console.error('LIBSQL_URL is not set: the address of the libSQL database.');
    process.exit(1);
  }
  const authToken = process.env['LIBSQL_AUTH_TOKEN'];
  const client = createClient({ url: url.replace(/^libsql:/, 'https:'), ...(authToken ? { authToken } : {}) });
  const [found] = await client.batch([`SELECT count(*) AS n FROM (${differences})`, ...rebuild], 'write');
  console.log(`Counted anew; ${Number(found!.rows[0]!['n'])} totals were wrong. Settling.`);
  while ((await client.batch(settleSome, 'write'))[1]!.rows[0]!['is_left']);
  client.close();
}
