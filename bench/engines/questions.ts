import type { ReportInput } from '../../src/domain/reports/parse-report.ts';

/** A question as the product asks it, and as somebody who knows the tables would write it by hand: in words that every engine knows. */
export type Question = {
  id: string;
  query: Omit<ReportInput, 'period'>;
  sql: (at: (column: string) => string) => string;
};

const name = (value: string) => `coalesce(${value}.alias_of, ${value}.id)`;
/** Values of an origin after corrections, with one of its columns. */
const by = (column: string, value = 'v') =>
  `JOIN origin o ON o.id = x.origin LEFT JOIN origin_value ${value} ON ${value}.id = o.${column}`;

export const questions: readonly Question[] = [
  {
    id: 'leads by source',
    query: { measures: ['leads'], dimensions: ['source'], attribution: 'leadCreation' },
    sql: (
      at,
    ) => `SELECT ${name('v')} AS k, sum(n) AS n FROM (SELECT lead_creation_origin_id AS origin, count(*) AS n FROM person
      WHERE ${at('created_at')} GROUP BY 1) x ${by('source_id')} GROUP BY 1 ORDER BY 2 DESC LIMIT 50`,
  },
  {
    id: 'leads by first-touch campaign',
    query: { measures: ['leads'], dimensions: ['campaign'], attribution: 'firstTouch' },
    sql: (
      at,
    ) => `SELECT ${name('v')} AS k, sum(n) AS n FROM (SELECT first_touch_origin_id AS origin, count(*) AS n FROM person
      WHERE ${at('created_at')} GROUP BY 1) x ${by('campaign_id')} GROUP BY 1 ORDER BY 2 DESC LIMIT 50`,
  },
  {
    id: 'leads by channel and month',
    query: { measures: ['leads'], dimensions: ['channel', 'month'], attribution: 'leadCreation' },
    sql: (
      at,
    ) => `SELECT ${name('v')} AS k, m, sum(n) AS n FROM (SELECT lead_creation_origin_id AS origin, created_at / 2628000000 AS m, count(*) AS n FROM person
      WHERE ${at('created_at')} GROUP BY 1, 2) x ${by('channel_id')} GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 500`,
  },
  {
    id: 'leads by status',
    query: { measures: ['leads'], dimensions: ['leadStatus'] },
    sql: (at) =>
      `SELECT lead_status_id AS k, count(*) AS n FROM person WHERE ${at('created_at')} GROUP BY 1 ORDER BY 2 DESC`,
  },
  {
    id: 'leads and deals by source and medium',
    query: { measures: ['leads', 'deals', 'wonDeals'], dimensions: ['source', 'medium'], attribution: 'leadCreation' },
    sql: (
      at,
    ) => `SELECT ${name('v')} AS k, ${name('w')} AS l, sum(leads) AS leads, sum(deals) AS deals, sum(won) AS won FROM (
        SELECT lead_creation_origin_id AS origin, count(*) AS leads, 0 AS deals, 0 AS won FROM person WHERE ${at('created_at')} GROUP BY 1
        UNION ALL SELECT p.lead_creation_origin_id, 0, count(*), 0 FROM deal d JOIN person p ON p.id = d.person_id WHERE ${at('d.registered_at')} GROUP BY 1
        UNION ALL SELECT p.lead_creation_origin_id, 0, 0, count(*) FROM deal d JOIN person p ON p.id = d.person_id
          WHERE d.status = 'won' AND ${at('d.closed_at')} GROUP BY 1) x
      ${by('source_id')} LEFT JOIN origin_value w ON w.id = o.medium_id GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 50`,
  },
  {
    id: 'deals and revenue by source',
    query: {
      measures: ['deals', 'wonDeals', 'revenue'],
      dimensions: ['source'],
      attribution: 'leadCreation',
      currency: 'NOK',
    },
    sql: (at) => `SELECT ${name('v')} AS k, sum(deals) AS deals, sum(won) AS won, sum(minor) AS minor FROM (
        SELECT p.lead_creation_origin_id AS origin, count(*) AS deals, 0 AS won, 0 AS minor FROM deal d JOIN person p ON p.id = d.person_id
          WHERE ${at('d.registered_at')} GROUP BY 1
        UNION ALL SELECT p.lead_creation_origin_id, 0, count(*), sum(d.amount_minor) FROM deal d JOIN person p ON p.id = d.person_id
          WHERE d.status = 'won' AND ${at('d.closed_at')} GROUP BY 1) x ${by('source_id')} GROUP BY 1 ORDER BY 2 DESC LIMIT 50`,
  },
  {
    id: 'submissions by form',
    query: { measures: ['submissions', 'conversions'], dimensions: ['form'] },
    sql: (
      at,
    ) => `SELECT form_id AS k, count(*) AS n, sum(CASE WHEN created_person = 0 THEN 1 ELSE 0 END) AS c FROM submission
      WHERE ${at('"at"')} GROUP BY 1 ORDER BY 2 DESC LIMIT 50`,
  },
];
