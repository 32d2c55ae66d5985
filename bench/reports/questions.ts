import { defaultReportRows } from '../../src/domain/reports/query.ts';

/** Which dialect, and the period that is asked about. */
export type Ask = {
  engine: 'sqlite' | 'postgres' | 'duckdb';
  /** Of two sensible ways to ask SQLite; the fastest of those that differ counts. */
  way: 0 | 1;
  /** Moments, in milliseconds: from the first, before the second. */
  from: number;
  to: number;
  lookBackMs: number;
};

const within = ({ from, to }: Ask, column: string) => `${column} >= ${from} AND ${column} < ${to}`;
const dayOf = (at: number) => `'${new Date(Math.max(0, at)).toISOString().slice(0, 10)}'`;
const withinDays = ({ from, to }: Ask, column: string) => `${column} >= ${dayOf(from)} AND ${column} < ${dayOf(to)}`;
const one = (condition: string) => `sum(CASE WHEN ${condition} THEN 1 ELSE 0 END)`;

const limit = defaultReportRows;

type Column = 'source_id' | 'medium_id' | 'campaign_id' | 'channel_id' | 'referrer_domain_id';

/**
 * Rows that have an origin, put together by values of it as corrections have them. `keys` are further ones, that rows have
 * themselves; `sums` are added up, and the first gives the order.
 */
function byOrigin(rows: string, { columns, keys = [], sums }: { columns: Column[]; keys?: string[]; sums: string[] }) {
  const names = columns.map((_, n) => `coalesce(v${n}.alias_of, v${n}.id) AS k${n}`);
  const joins = columns.map((column, n) => `LEFT JOIN origin_value v${n} ON v${n}.id = o.${column}`);
  const by = [...names, ...keys];
  return `SELECT ${[...by, ...sums.map((sum) => `sum(${sum}) AS ${sum}`)].join(', ')}
    FROM (${rows}) x LEFT JOIN origin o ON o.id = x.origin ${joins.join(' ')}
    GROUP BY ${by.map((_, n) => n + 1).join(', ')} ORDER BY ${sums[0]} DESC LIMIT ${limit}`;
}

type Leads = { origin: string; keys?: string[]; where?: string; join?: string };

/**
 * People by origin, and how many have a deal. SQLite either reads people with all they have, or counts them by an index that
 * does not say who has a deal, and goes through deals for those who have.
 */
function leads(ask: Ask, { origin, keys = [], where = '1 = 1' }: Leads): string {
  const by = [origin, ...keys];
  const group = by.map((_, n) => n + 1).join(', ');
  const own = ['origin', ...keys];
  const named = by.map((column, n) => `p.${column} AS ${own[n]}`).join(', ');
  const those = `${within(ask, 'p.created_at')} AND ${where}`;
  if (ask.way === 0)
    return `SELECT ${named}, count(*) AS leads, ${one('p.deal_state > 0')} AS dealt FROM person p WHERE ${those} GROUP BY ${group}`;
  return `SELECT ${own.join(', ')}, sum(leads) AS leads, sum(dealt) AS dealt FROM (
      SELECT ${named}, count(*) AS leads, 0 AS dealt FROM person p WHERE ${those} GROUP BY ${group}
      UNION ALL SELECT ${named}, 0, count(*) FROM (SELECT DISTINCT person_id FROM deal WHERE person_id IS NOT NULL) d
        JOIN person p ON p.id = d.person_id WHERE ${those} GROUP BY ${group}) GROUP BY ${group}`;
}

/** The middle value of each group by each engine's own means; of rows with `k` and `v`. */
function medians({ engine }: Ask, rows: string): string {
  switch (engine) {
    case 'postgres':
      return `SELECT k, percentile_cont(0.5) WITHIN GROUP (ORDER BY v) AS v FROM (${rows}) r GROUP BY k`;
    case 'duckdb':
      return `SELECT k, quantile_cont(v, 0.5) AS v FROM (${rows}) r GROUP BY k`;
    case 'sqlite':
      return `SELECT k, avg(v) AS v FROM (SELECT k, v, row_number() OVER (PARTITION BY k ORDER BY v) AS turn, count(*) OVER (PARTITION BY k) AS many
        FROM (${rows}) r) WHERE turn IN ((many + 1) / 2, (many + 2) / 2) GROUP BY k`;
  }
}

const deals = (ask: Ask, columns: string) =>
  `SELECT lead_creation_origin_id AS origin, ${columns} FROM deal WHERE ${within(ask, 'registered_at')} GROUP BY 1`;
const closed = (ask: Ask, columns: string) =>
  `SELECT lead_creation_origin_id AS origin, ${columns} FROM deal WHERE ${within(ask, 'closed_at')} GROUP BY 1`;
const won = one(`status = 'won'`);
const revenue = `sum(CASE WHEN status = 'won' THEN amount_minor ELSE 0 END)`;

const leadsBy = (point: 'first_touch' | 'lead_creation', column: Column, where?: string) => (ask: Ask) =>
  byOrigin(leads(ask, { origin: `${point}_origin_id`, ...(where ? { where } : {}) }), {
    columns: [column],
    sums: ['leads', 'dealt'],
  });
const leadsAndDeals = (columns: Column[]) => (ask: Ask) =>
  byOrigin(
    `SELECT origin, leads, dealt, 0 AS deals FROM (${leads(ask, { origin: 'lead_creation_origin_id' })}) l
     UNION ALL SELECT origin, 0, 0, deals FROM (${deals(ask, 'count(*) AS deals')}) d`,
    { columns, sums: ['leads', 'deals', 'dealt'] },
  );

/** The channels touched up to a moment, in order, without direct ones unless there is nothing else. */
function paths(ask: Ask, { from, id, person, at, sums }: Record<'from' | 'id' | 'person' | 'at' | 'sums', string>) {
  const joined = (step: string) => `string_agg(CAST(${step} AS varchar), ',' ORDER BY t."at", t.id)`;
  return `SELECT coalesce(${joined('CASE WHEN c.direct = 0 THEN c.k END')}, ${joined('c.k')}) AS path, ${sums}
    FROM ${from} LEFT JOIN touch t ON t.person_id = ${person} AND t."at" <= ${at} AND t."at" >= ${at} - ${ask.lookBackMs}
      LEFT JOIN channel c ON c.id = t.origin_id
    WHERE ${within(ask, at)} GROUP BY ${id}`;
}

/** The touches that led to people or deals, each with its place `n` of `c` and the time from it to the last one, without direct ones as above. */
function steps(
  ask: Ask,
  { from, id, person, at, column, more }: Record<'from' | 'id' | 'person' | 'at' | 'more', string> & { column: Column },
) {
  return `SELECT *, row_number() OVER (PARTITION BY id ORDER BY "at", tid) AS n, count(*) OVER (PARTITION BY id) AS c,
      coalesce(max("at") OVER (PARTITION BY id) - "at", 0) AS before_last
    FROM (SELECT ${id} AS id, ${more}, t."at", t.id AS tid, coalesce(v.alias_of, v.id) AS k, ${isDirect} AS direct,
        min(${isDirect}) OVER (PARTITION BY ${id}) AS only_direct
      FROM ${from} LEFT JOIN touch t ON t.person_id = ${person} AND t."at" <= ${at} AND t."at" >= ${at} - ${ask.lookBackMs}
        LEFT JOIN origin o ON o.id = t.origin_id LEFT JOIN origin_value v ON v.id = o.${column}
      WHERE ${within(ask, at)}) j WHERE direct = only_direct`;
}
const isDirect =
  'CASE WHEN o.source_id = 0 AND o.medium_id = 0 AND o.campaign_id = 0 AND o.referrer_domain_id = 0 THEN 1 ELSE 0 END';

/** Every question as somebody would ask it by hand who knows the tables, reading rows: no total that is kept. */
export const questions: Record<string, (ask: Ask) => string> = {
  'leads by source, linear': (ask) =>
    `SELECT k, sum(1.0 / c) AS leads, sum(CASE WHEN deal_state > 0 THEN 1.0 / c ELSE 0 END) AS dealt
     FROM (${steps(ask, { from: 'person p', id: 'p.id', person: 'p.id', at: 'p.created_at', column: 'source_id', more: 'p.deal_state' })}) s
     GROUP BY 1 ORDER BY 2 DESC LIMIT ${limit}`,
  'revenue by campaign, time decay': (ask) =>
    `SELECT k, sum(amount * weight / whole) AS revenue, sum(won * weight / whole) AS won FROM (
       SELECT *, sum(weight) OVER (PARTITION BY id) AS whole FROM (SELECT *, ${ask.engine === 'sqlite' ? '1.0 / (1 << (before_last / 604800000))' : 'power(2.0, -before_last / 604800000.0)'} AS weight
         FROM (${steps(ask, { from: 'deal d', id: 'd.id', person: 'd.person_id', at: 'd.closed_at', column: 'campaign_id', more: `CASE WHEN d.status = 'won' THEN d.amount_minor ELSE 0 END AS amount, CASE WHEN d.status = 'won' THEN 1 ELSE 0 END AS won` })}) s) w) x
     GROUP BY 1 ORDER BY 2 DESC LIMIT ${limit}`,
  'lead-qualification-funnel': (ask) =>
    `SELECT lead_status_id AS k, count(*) AS leads, ${one('deal_state > 0')} AS dealt, ${one('deal_state = 2')} AS won
     FROM person WHERE ${within(ask, 'created_at')} GROUP BY 1 ORDER BY 1`,
  'new-leads-by-campaign': leadsBy('lead_creation', 'campaign_id'),
  'new-leads-by-first-touch-source': leadsBy('first_touch', 'source_id'),
  'new-leads-by-lead-creation-source': leadsBy('lead_creation', 'source_id'),
  'new-leads-from-forms': (ask) =>
    byOrigin(
      leads(ask, { origin: 'lead_creation_origin_id', keys: ['created_form_id'], where: `p.created_via = 'form'` }),
      { columns: ['source_id'], keys: ['created_form_id'], sums: ['leads', 'dealt'] },
    ),
  'new-leads-from-chat': leadsBy('lead_creation', 'source_id', `p.created_via = 'chat'`),
  'top-forms': (ask) =>
    `SELECT k, sum(leads) AS leads, sum(sent) AS sent, sum(again) AS again, sum(dealt) AS dealt FROM (
       SELECT origin AS k, leads, 0 AS sent, 0 AS again, dealt FROM (${leads(ask, { origin: 'created_form_id' })}) l
       UNION ALL SELECT form_id, 0, count(*), ${one('created_person = 0')}, 0 FROM submission WHERE ${within(ask, '"at"')} GROUP BY 1) x
     GROUP BY 1 ORDER BY 2 DESC LIMIT ${limit}`,
  'top-referring-sites': leadsAndDeals(['referrer_domain_id']),
  'deals-by-lead-creation-source': (ask) =>
    byOrigin(
      `${deals(ask, 'count(*) AS deals, 0 AS won, 0 AS lost, 0 AS revenue')}
       UNION ALL ${closed(ask, `0, ${won}, ${one(`status = 'lost'`)}, ${revenue}`)}`,
      { columns: ['source_id'], sums: ['deals', 'won', 'lost', 'revenue'] },
    ),
  'pipeline-by-lead-creation-source': ({ to }) =>
    byOrigin(
      `SELECT lead_creation_origin_id AS origin, sum(amount_minor) AS pipeline, count(*) AS deals FROM deal
       WHERE registered_at < ${to} AND (closed_at IS NULL OR closed_at >= ${to}) GROUP BY 1`,
      { columns: ['source_id'], sums: ['pipeline', 'deals'] },
    ),
  'source-medium-leads-deals': leadsAndDeals(['source_id', 'medium_id']),
  'sign-up-share-by-channel': (ask) =>
    byOrigin(
      `SELECT origin_id AS origin, count(*) AS sent, 0 AS leads, 0 AS dealt FROM submission WHERE ${within(ask, '"at"')} GROUP BY 1
       UNION ALL SELECT origin, 0, leads, dealt FROM (${leads(ask, { origin: 'lead_creation_origin_id' })}) l`,
      { columns: ['channel_id'], sums: ['sent', 'leads', 'dealt'] },
    ),
  'top-paths': (ask) =>
    `WITH channel AS MATERIALIZED (SELECT o.id, coalesce(v.alias_of, v.id) AS k,
         CASE WHEN o.source_id = 0 AND o.medium_id = 0 AND o.campaign_id = 0 AND o.referrer_domain_id = 0 THEN 1 ELSE 0 END AS direct
       FROM origin o LEFT JOIN origin_value v ON v.id = o.channel_id)
     SELECT path, sum(leads) AS leads, sum(deals) AS deals, sum(won) AS won, sum(revenue) AS revenue FROM (
       ${paths(ask, { from: 'person p', id: 'p.id', person: 'p.id', at: 'p.created_at', sums: '1 AS leads, 0 AS deals, 0 AS won, 0 AS revenue' })}
       UNION ALL ${paths(ask, { from: 'deal d', id: 'd.id', person: 'd.person_id', at: 'd.registered_at', sums: '0, 1, 0, 0' })}
       UNION ALL ${paths(ask, { from: 'deal d', id: 'd.id', person: 'd.person_id', at: 'd.closed_at', sums: `0, 0, max(CASE WHEN d.status = 'won' THEN 1 ELSE 0 END), max(CASE WHEN d.status = 'won' THEN d.amount_minor ELSE 0 END)` })}) x
     GROUP BY 1 ORDER BY 2 DESC LIMIT 100`,
  'time-to-convert': (ask) => {
    const dealTime = (at: string, where = '1 = 1') =>
      `SELECT ch.k, d.${at} - p.first_touch_at AS v FROM deal d JOIN person p ON p.id = d.person_id
       JOIN channel ch ON ch.id = d.first_touch_origin_id WHERE ${within(ask, `d.${at}`)} AND ${where}`;
    const leadTime = `SELECT ch.k, p.created_at - p.first_touch_at AS v FROM person p JOIN channel ch ON ch.id = p.first_touch_origin_id
      WHERE ${within(ask, 'p.created_at')}`;
    return `WITH channel AS MATERIALIZED (SELECT o.id, coalesce(v.alias_of, v.id) AS k FROM origin o JOIN origin_value v ON v.id = o.channel_id),
      counted AS (SELECT ch.k, sum(leads) AS leads, sum(deals) AS deals, sum(won) AS won FROM (
        SELECT first_touch_origin_id AS origin, count(*) AS leads, 0 AS deals, 0 AS won FROM person WHERE ${within(ask, 'created_at')} GROUP BY 1
        UNION ALL SELECT first_touch_origin_id, 0, count(*), 0 FROM deal WHERE ${within(ask, 'registered_at')} GROUP BY 1
        UNION ALL SELECT first_touch_origin_id, 0, 0, ${won} FROM deal WHERE ${within(ask, 'closed_at')} GROUP BY 1) x
        LEFT JOIN channel ch ON ch.id = x.origin GROUP BY 1)
      SELECT c.k, c.leads, l.v AS to_lead, c.deals, d.v AS to_deal, c.won, w.v AS to_win FROM counted c
        LEFT JOIN (${medians(ask, leadTime)}) l ON l.k = c.k LEFT JOIN (${medians(ask, dealTime('registered_at'))}) d ON d.k = c.k
        LEFT JOIN (${medians(ask, dealTime('closed_at', `d.status = 'won'`))}) w ON w.k = c.k
      ORDER BY c.leads DESC LIMIT ${limit}`;
  },
  'return-on-spend': (ask) =>
    byOrigin(
      `SELECT origin_id AS origin, sum(amount_minor) AS cost, 0 AS leads, 0 AS won, 0 AS revenue FROM cost WHERE ${withinDays(ask, 'day')} GROUP BY 1
       UNION ALL SELECT lead_creation_origin_id, 0, count(*), 0, 0 FROM person WHERE ${within(ask, 'created_at')} GROUP BY 1
       UNION ALL ${closed(ask, `0, 0, ${won}, ${revenue}`)}`,
      { columns: ['source_id', 'medium_id', 'campaign_id'], sums: ['cost', 'leads', 'won', 'revenue'] },
    ),
  'self-reported-against-measured': (ask) =>
    byOrigin(
      `SELECT p.first_touch_origin_id AS origin, lower(nullif(trim(s.self_reported), '')) AS said, count(*) AS leads, ${one('p.deal_state > 0')} AS dealt
       FROM person p LEFT JOIN submission s ON s.id = p.creation_id WHERE ${within(ask, 'p.created_at')} GROUP BY 1, 2`,
      { columns: ['channel_id'], keys: ['said'], sums: ['leads', 'dealt'] },
    ),
  'new-values': (ask) =>
    `SELECT first_seen_at - first_seen_at % 86400000 AS day, field, label, count(*) AS n FROM origin_value
     WHERE ${within(ask, 'first_seen_at')} AND field NOT IN ('channel', 'landingPage')
     GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2, 3 LIMIT ${limit}`,
};

/** The column whose sum over the rows must be the same in every answer: the first measure of each preset. */
export const agreesOn: Record<string, string> = {
  'top-paths': 'leads',
  'deals-by-lead-creation-source': 'deals',
  'pipeline-by-lead-creation-source': 'pipeline',
  'sign-up-share-by-channel': 'sent',
  'return-on-spend': 'cost',
  'new-values': 'n',
  'revenue by campaign, time decay': 'revenue',
};
