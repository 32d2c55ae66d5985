const part = (format: string) => (column: string) =>
  `CAST(strftime('${format}', (${column} + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer)`;
const month = part('%Y%m');
const day = part('%Y%m%d');

/** Submissions as they are stored, under a kind by one part of time: some have no form, some no person, who alone can convert. */
const submissions = (kind: number, time: typeof day) => `
  SELECT ${kind}, ${time('s.at')}, coalesce(s.form_id, 0) * 16777216 + coalesce(o.channel_id, 0), count(*),
    sum(s.created_person = 0 AND s.person_id IS NOT NULL), 0
  FROM submission s LEFT JOIN origin o ON o.id = s.origin_id GROUP BY 2, 3`;

/** Journeys of `rows(id, person_id, company_id, end_at)` as the ids of their channels: read once for all, and not one by one. */
const paths = (name: string, rows: string) => `
  ${name}_row(id, person_id, company_id, end_at) AS MATERIALIZED (${rows}),
  ${name}_touch AS (SELECT r.id, t.at, t.id AS tid, t.origin_id FROM ${name}_row r JOIN touch t ON t.person_id = r.person_id
      AND t.at BETWEEN r.end_at - (SELECT ms FROM look_back) AND r.end_at
    UNION ALL SELECT r.id, s.at, 0, s.origin_id FROM ${name}_row r JOIN source s ON s.company_id = r.company_id
      AND s.at BETWEEN r.end_at - (SELECT ms FROM look_back) AND r.end_at WHERE r.person_id IS NULL),
  ${name}_step AS MATERIALIZED (SELECT *, row_number() OVER (PARTITION BY id ORDER BY at, tid) AS n, count(*) OVER (PARTITION BY id) AS c
    FROM (SELECT j.*, step.k, step.group_id, step.direct, min(step.direct) OVER (PARTITION BY j.id) AS only_direct
      FROM ${name}_touch j JOIN step ON step.id = j.origin_id)
    WHERE direct = only_direct),
  ${name}_path(id, path) AS MATERIALIZED (SELECT id, group_concat(k, ',' ORDER BY n) FROM ${name}_step GROUP BY id)`;

const models = ['last_touch', 'linear', 'position_based', 'time_decay'];
const units = '1000000000';

/** What of `whole` the touches have up to one, or to the one before it, under each model. */
const upTo = (whole: string, n: string, decayed: string) => [
  `${whole} * (${n} = c)`,
  `round(${whole} * (${n} * 1.0 / c))`,
  `round(${whole} * CASE ${n} WHEN 0 THEN 0.0 WHEN c THEN 1.0 ELSE iif(c = 2, 0.5, 0.4 + 0.2 * (${n} - 1) / (c - 2)) END)`,
  `round(${whole} * (${decayed} / ${units}.0))`,
];
const credited = (whole: string) =>
  upTo(whole, 'n', 'decayed').map((sum, at) => `CAST(${sum} - ${upTo(whole, '(n - 1)', 'before')[at]!} AS integer)`);

/**
 * Credit of `rows(id, day, steps, key, amount, m, won)` by their journeys, of which a row without touches has one step of no origin. Only
 * how much time decay leaves to each step is taken from what is kept; a second reading in the tests works it out.
 */
const credit = (kind: number, name: string, rows: string) => {
  const [whole, money] = [credited(units), credited('amount')];
  const columns = models.flatMap((_, at) => [
    `sum(${whole[at]})`,
    `sum(iif(amount IS NULL, m * (${whole[at]}), ${money[at]}))`,
    `sum(won * (${whole[at]}))`,
  ]);
  return `SELECT ${kind}, day, key, ${columns.join(', ')} FROM (SELECT r.*, coalesce(s.n, 1) AS n, coalesce(s.c, 1) AS c,
      coalesce(s.group_id, 0) * factor + added AS key, r.steps ->> coalesce(s.n - 1, 0) & 1073741823 AS decayed,
      CASE WHEN s.n > 1 THEN r.steps ->> (s.n - 2) & 1073741823 ELSE 0 END AS before
    FROM (${rows}) r LEFT JOIN ${name}_step s ON s.id = r.id) GROUP BY 2, 3`;
};

/** What is added up by day as it is kept: by month, year and over all time too, or where it is each origin's own, by month and year alone. */
const byLevel = (table: string, columns: number, own = 'kind IN (1, 2, 20, 21, 24, 25, 28, 29)') => {
  const sums = Array.from({ length: columns }, (_, n) => `sum(c${n})`).join(', ');
  return `SELECT kind, day / 100, key, ${sums} FROM ${table} GROUP BY 1, 2, 3
    UNION ALL SELECT 200 + kind, day / 10000 * 100 + 1, key, ${sums} FROM ${table} GROUP BY 1, 2, 3
    UNION ALL SELECT 100 + kind, day, key, ${sums} FROM ${table} WHERE NOT (${own}) GROUP BY 1, 2, 3
    UNION ALL SELECT 300 + kind, 0, key, ${sums} FROM ${table} WHERE NOT (${own}) GROUP BY 1, 3`;
};
const numbered = (columns: number) => Array.from({ length: columns }, (_, n) => `c${n}`).join(', ');

/**
 * What the totals have to be, from the rows alone: of those leads and deals that count as settled. What is kept is asked for no
 * more than the part of the scale that an interval lies in, beside the interval itself.
 */
const counted = `
  look_back(ms) AS (SELECT 86400000 * look_back_days FROM site WHERE is_default),
  step(id, k, group_id, direct) AS MATERIALIZED (SELECT o.id, coalesce(v.alias_of, v.id), g.id, o.source_id + o.medium_id + o.referrer_domain_id = 0 AND o.click_id_name IS NULL FROM origin o LEFT JOIN origin_value v ON v.id = o.channel_id
    LEFT JOIN origin_group g USING (channel_id, source_id, medium_id, campaign_id, referrer_domain_id)),
  source(company_id, at, origin_id, page) AS MATERIALIZED (SELECT id, first_touch_at, first_touch_origin_id, first_touch_landing_page_id FROM company WHERE first_touch_origin_id IS NOT NULL
    UNION SELECT id, lead_creation_at, lead_creation_origin_id, lead_creation_landing_page_id FROM company WHERE lead_creation_origin_id IS NOT NULL),
  ${paths('lead', 'SELECT id, id, NULL, created_at FROM person')},
  ${paths('deal', 'SELECT id, person_id, company_id, registered_at FROM deal')},
  ${paths('close', 'SELECT id, person_id, company_id, closed_at FROM deal WHERE closed_at IS NOT NULL')},
  won(id, state) AS MATERIALIZED (SELECT person_id, max(1 + (status = 'won')) FROM deal GROUP BY 1),
  leads AS MATERIALIZED (SELECT p.*, f.bin, f.steps, coalesce(w.state, 0) AS state, ${day('p.created_at')} AS day,
      CASE p.created_via WHEN 'form' THEN 0 WHEN 'api' THEN 1 WHEN 'import' THEN 2 WHEN 'chat' THEN 3 WHEN 'phone' THEN 4 WHEN 'event' THEN 5 WHEN 'manual' THEN 6 ELSE 7 END AS via,
      coalesce((SELECT id FROM saying WHERE text = trim(s.self_reported)), 0) AS said, coalesce(r.id, 0) AS lead_path,
      coalesce(a.channel_id, 0) AS first_channel, coalesce(b.channel_id, 0) AS lead_channel, coalesce(b.source_id, 0) AS source,
      coalesce(g.group_id, 0) AS first_group, coalesce(h.group_id, 0) AS lead_group
    FROM person p JOIN lead_fact f ON f.person_id = p.id AND f.to_lead = p.created_at - p.first_touch_at LEFT JOIN won w ON w.id = p.id
    LEFT JOIN submission s ON s.id = p.creation_id LEFT JOIN lead_path j ON j.id = p.id LEFT JOIN report_path r ON r.path = j.path
    LEFT JOIN origin a ON a.id = p.first_touch_origin_id LEFT JOIN origin b ON b.id = p.lead_creation_origin_id
    LEFT JOIN step g ON g.id = a.id LEFT JOIN step h ON h.id = b.id),
  deals AS MATERIALIZED (SELECT d.*, f.deal_bin, f.win_bin, f.registered_steps, f.closed_steps, ${day('d.registered_at')} AS registered,
      ${day('d.closed_at')} AS closed, ${day('max(d.registered_at, d.closed_at)')} AS gone, d.status = 'won' AND d.closed_at IS NOT NULL AS won,
      coalesce(p.first_touch_origin_id, c.first_touch_origin_id, 0) AS first, coalesce(p.lead_creation_origin_id, c.lead_creation_origin_id, 0) AS lead,
      coalesce(g.group_id, 0) AS first_group, coalesce(h.group_id, 0) AS lead_group,
      coalesce(p.first_touch_at, c.first_touch_at) AS first_at, coalesce(o.channel_id, 0) AS channel, coalesce(x.id, 0) AS deal_path, coalesce(y.id, 0) AS close_path,
      (unicode(d.currency) - 65) * 676 + (unicode(substr(d.currency, 2)) - 65) * 26 + unicode(substr(d.currency, 3)) - 65 AS code
    FROM deal d JOIN deal_fact f ON f.deal_id = d.id LEFT JOIN person p ON p.id = d.person_id
    LEFT JOIN company c ON c.id = d.company_id AND d.person_id IS NULL LEFT JOIN origin o ON o.id = coalesce(p.first_touch_origin_id, c.first_touch_origin_id)
    LEFT JOIN step g ON g.id = o.id LEFT JOIN step h ON h.id = coalesce(p.lead_creation_origin_id, c.lead_creation_origin_id)
    LEFT JOIN deal_path j ON j.id = d.id LEFT JOIN report_path x ON x.path = j.path LEFT JOIN close_path q ON q.id = d.id LEFT JOIN report_path y ON y.path = q.path),
  daily(kind, day, key, c0, c1, c2) AS MATERIALIZED (
    SELECT k.value, day, CASE k.value WHEN 1 THEN first_touch_origin_id * 16 + via WHEN 2 THEN lead_creation_origin_id * 16 + via
      WHEN 3 THEN coalesce(lead_status_id, 0) WHEN 4 THEN coalesce(created_form_id, 0) * 16777216 + lead_channel
      WHEN 6 THEN (coalesce(created_form_id, 0) * 16 + via) * 16777216 + source WHEN 7 THEN said * 16777216 + first_channel WHEN 8 THEN lead_path
      WHEN 9 THEN first_channel * 8192 + 4096 + bin WHEN 11 THEN first_group * 16 + via ELSE lead_group * 16 + via END,
      count(*), sum(state > 0), sum(state = 2)
    FROM leads, json_each('[1,2,3,4,6,7,8,9,11,12]') k GROUP BY 1, 2, 3
    UNION ALL SELECT k.value, registered, CASE k.value WHEN 20 THEN lead WHEN 21 THEN first WHEN 30 THEN lead_group ELSE first_group END * 32768 + code,
      count(*), sum(amount_minor), 0 FROM deals, json_each('[20,21,30,31]') k GROUP BY 1, 2, 3
    UNION ALL SELECT 22, registered, deal_path, count(*), 0, 0 FROM deals GROUP BY 2, 3
    UNION ALL SELECT 23, registered, channel * 8192 + 4096 + deal_bin, count(*), 0, 0 FROM deals WHERE first_at IS NOT NULL GROUP BY 2, 3
    UNION ALL SELECT k.value, closed, CASE k.value WHEN 24 THEN lead WHEN 25 THEN first WHEN 26 THEN close_path WHEN 34 THEN lead_group ELSE first_group END * 32768 + code,
      count(*), sum(amount_minor * won), sum(won) FROM deals, json_each('[24,25,26,34,35]') k WHERE closed_at IS NOT NULL GROUP BY 1, 2, 3
    UNION ALL SELECT 27, closed, channel * 8192 + 4096 + win_bin, count(*), 0, 0 FROM deals WHERE won AND first_at IS NOT NULL GROUP BY 2, 3
    UNION ALL SELECT k.value, gone, CASE k.value WHEN 28 THEN lead WHEN 29 THEN first WHEN 38 THEN lead_group ELSE first_group END * 32768 + code,
      count(*), sum(amount_minor), 0 FROM deals, json_each('[28,29,38,39]') k WHERE closed_at IS NOT NULL GROUP BY 1, 2, 3),
  daily_credit(kind, day, key, ${numbered(12)}) AS MATERIALIZED (
    ${credit(1, 'lead', 'SELECT id, day, steps, 1 AS factor, 0 AS added, NULL AS amount, state > 0 AS m, state = 2 AS won FROM leads')}
    UNION ALL ${credit(2, 'deal', 'SELECT id, registered AS day, registered_steps AS steps, 32768 AS factor, code AS added, 0 AS amount, 0 AS m, 0 AS won FROM deals')}
    UNION ALL ${credit(3, 'close', 'SELECT id, closed AS day, closed_steps AS steps, 32768 AS factor, code AS added, won * amount_minor AS amount, 0 AS m, won FROM deals WHERE closed_at IS NOT NULL')}),
  counted_credit(kind, month, key, ${numbered(12)}) AS (${byLevel('daily_credit', 12, 'false')}),
  counted(kind, month, key, n, m, won) AS (${byLevel('daily', 3)}
    UNION ALL ${submissions(5, month)} UNION ALL ${submissions(105, day)})`;

const isAny = (columns: string[]) => columns.map((one) => `${one} <> 0`).join(' OR ');
const creditColumns = models.flatMap((one) => [one, `${one}_m`, `${one}_won`]);
/** Rows of two tables that are not in both, with the side that they stand on. */
const apart = (kept: string, counted: string, shown: string) =>
  `SELECT 'kept' AS side, ${shown} FROM (SELECT * FROM ${kept} EXCEPT SELECT * FROM ${counted})
  UNION ALL SELECT 'counted', ${shown} FROM (SELECT * FROM ${counted} EXCEPT SELECT * FROM ${kept})`;

/** Where what is kept differs from what is counted anew; nothing, if all is well. */
export const differences = `
  WITH kept AS (SELECT * FROM settled_total WHERE ${isAny(['n', 'm', 'won'])}
    UNION ALL SELECT * FROM report_total WHERE ${isAny(['n', 'm', 'won'])}),
  kept_credit(kind, month, key, ${numbered(12)}) AS (SELECT * FROM credit_total WHERE ${isAny(creditColumns)}), ${counted}
  ${apart('kept', 'counted', "'total' AS what, kind, month, key, json_array(n, m, won) AS numbers")}
  UNION ALL ${apart('kept_credit', 'counted_credit', `'credit' AS what, kind, month, key, json_array(${numbered(12)}) AS numbers`)}`;

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
  `INSERT INTO report_total ${submissions(5, month)} UNION ALL ${submissions(105, day)}`,
];

/** `npm run totals`: of the database at LIBSQL_URL, or that of the Kilde that runs on this machine. */
