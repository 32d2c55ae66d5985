import type { SegmentQuery } from '../../src/services/segments/run-segment.ts';
import { endOfWorld } from '../make-world.ts';

/**
 * A segment as the product asks for it, and by hand: the statements that somebody would write who knows the schema, its indexes
 * and what SQLite makes of them. Where several ways are sensible all are there, and the fastest at that size is what counts.
 */
export type Shape = {
  name: string;
  query: Partial<SegmentQuery> & { where: unknown };
  /** Gives `k`, and `s` where it is not the time of creation that the page is in order of: its rows, 51 of them, in order. */
  pages: string[];
  order?: string;
  counts: string[];
};

const is = (field: string, op: string, value?: unknown) => ({ field, op, value });
const day = 86_400_000;
const lately = endOfWorld - 30 * day;

/** Values of a field that a condition on the canonical form holds for, and those that count as them. */
const values = (field: string, holds: (canonical: string) => string) =>
  `SELECT id FROM origin_value WHERE field = '${field}' AND ${holds('canonical')} AND alias_of IS NULL
   UNION ALL SELECT a.id FROM origin_value v JOIN origin_value a ON a.alias_of = v.id WHERE v.field = '${field}' AND ${holds('v.canonical')}`;
const origins = (field: 'source' | 'channel' | 'campaign', holds: (canonical: string) => string) =>
  `SELECT id FROM origin WHERE ${field}_id IN (${values(field, holds)})`;
const source5 = origins('source', (value) => `${value} = 'source 5'`);
const paidSocial = origins('channel', (value) => `${value} = 'paid social'`);
const campaigns1 = origins('campaign', (value) => `${value} >= 'campaign 1' AND ${value} < 'campaign 2'`);
const status = (name: string) => `(SELECT id FROM lead_status WHERE name = '${name}')`;

const newest = 'ORDER BY created_at DESC, id DESC LIMIT 51';
/** Those that an index gives, put in order. */
const sorted = (where: string) => `SELECT id AS k FROM person WHERE +id > 0 AND ${where} ${newest}`;
/** From the newest on, until there are enough. */
const walked = (where: string) =>
  `SELECT id AS k FROM person INDEXED BY person_created_at WHERE +id > 0 AND ${where} ${newest}`;
const pages = (where: string) => [sorted(where), walked(where)];
const count = (where: string) => `SELECT count(*) AS n FROM person WHERE +id > 0 AND ${where}`;
/** The whole is counted without reading it, and the emptied rows of erased people are few. */
const everybody = '(SELECT count(*) FROM person) - (SELECT count(*) FROM person WHERE id <= 0)';
const countWithout = (where: string) =>
  `SELECT ${everybody} - (SELECT count(*) FROM person WHERE +id > 0 AND ${where}) AS n`;
/** How many different keys a statement gives, without looking anybody up; they are known to be of living people. */
const countKeys = (keys: string) => `SELECT count(*) AS n FROM (SELECT DISTINCT person_id FROM (${keys}))`;

const conversions = `SELECT person_id FROM submission WHERE created_person = 0 AND person_id > 0 AND origin_id IN (${source5})`;
const latestOrigin =
  '(SELECT origin_id FROM submission s WHERE s.person_id = person.id AND created_person = 0 ORDER BY s.at DESC, s.id DESC LIMIT 1)';
const isLatest = `id IN (${conversions}) AND ${latestOrigin} IN (${source5})`;
const touchedBy5 = `SELECT person_id FROM touch WHERE person_id > 0 AND origin_id IN (${source5})`;
const touchesByIndex = `(SELECT count(*) FROM touch t WHERE t.person_id = person.id)`;
const twice = 'SELECT person_id FROM touch WHERE person_id > 0 GROUP BY person_id HAVING count(*) >= 2';
const large = 'SELECT person_id FROM deal WHERE amount_minor >= 10000000 AND person_id > 0';
const sent = `SELECT person_id FROM submission WHERE at >= ${lately} AND at < ${endOfWorld} AND person_id > 0`;
const hasDeal = 'EXISTS (SELECT 1 FROM deal d WHERE d.person_id = person.id)';
const swedish = "SELECT id FROM company WHERE country = 'SE'";
const atSwedish = "EXISTS (SELECT 1 FROM company c WHERE c.id = person.company_id AND c.country = 'SE')";

export const shapes: readonly Shape[] = [
  {
    name: 'everybody, newest first',
    query: { where: { all: [] } },
    pages: [walked('1')],
    counts: [`SELECT ${everybody} AS n`],
  },
  {
    name: 'first touch source',
    query: { where: is('firstTouch.source', 'equals', 'source 5') },
    pages: pages(`first_touch_origin_id IN (${source5})`),
    counts: [count(`first_touch_origin_id IN (${source5})`)],
  },
  {
    name: 'first touch source is not',
    query: { where: is('firstTouch.source', 'notEquals', 'source 5') },
    pages: [walked(`first_touch_origin_id NOT IN (${source5})`)],
    counts: [countWithout(`first_touch_origin_id IN (${source5})`)],
  },
  {
    name: 'lead creation channel',
    query: { where: is('leadCreation.channel', 'equals', 'Paid Social') },
    pages: pages(`lead_creation_origin_id IN (${paidSocial})`),
    counts: [count(`lead_creation_origin_id IN (${paidSocial})`)],
  },
  {
    name: 'lead creation campaign begins with',
    query: { where: is('leadCreation.campaign', 'startsWith', 'campaign 1') },
    pages: pages(`lead_creation_origin_id IN (${campaigns1})`),
    counts: [count(`lead_creation_origin_id IN (${campaigns1})`)],
  },
  {
    name: 'lead status',
    query: { where: is('leadStatus', 'equals', 'Qualified') },
    pages: pages(`lead_status_id = ${status('Qualified')}`),
    counts: [count(`lead_status_id = ${status('Qualified')}`)],
  },
  {
    name: 'lead status is not',
    query: { where: is('leadStatus', 'notEquals', 'Qualified') },
    pages: [walked(`lead_status_id IS NOT ${status('Qualified')}`)],
    counts: [countWithout(`lead_status_id = ${status('Qualified')}`)],
  },
  {
    name: 'e-mail equals',
    query: { where: is('email', 'equals', 'p77@c78.no') },
    pages: [sorted("email = 'p77@c78.no'")],
    counts: [count("email = 'p77@c78.no'")],
  },
  {
    name: 'e-mail contains',
    query: { where: is('email', 'contains', '777@') },
    pages: pages("instr(email, '777@') > 0"),
    counts: [
      count("instr(email, '777@') > 0"),
      "SELECT count(*) AS n FROM person INDEXED BY person_email_unique WHERE +id > 0 AND instr(email, '777@') > 0",
    ],
  },
  {
    name: 'last name begins with',
    query: { where: is('lastName', 'startsWith', 'last 99') },
    pages: pages("last_name_fold >= 'last 99' AND last_name_fold < 'last 9:'"),
    counts: [count("last_name_fold >= 'last 99' AND last_name_fold < 'last 9:'")],
  },
  {
    name: 'last name ends with',
    query: { where: is('lastName', 'endsWith', '99') },
    pages: [
      walked("substr(last_name_fold, -2) = '99'"),
      sorted("last_name_fold IS NOT NULL AND substr(last_name_fold, -2) = '99'"),
    ],
    counts: [count("last_name_fold IS NOT NULL AND substr(last_name_fold, -2) = '99'")],
  },
  {
    name: 'created in the last 30 days',
    query: { where: is('createdAt', 'lastDays', { count: 30 }) },
    pages: [sorted(`created_at >= ${lately} AND created_at < ${endOfWorld}`)],
    counts: [count(`created_at >= ${lately} AND created_at < ${endOfWorld}`)],
  },
  {
    name: 'source and status',
    query: { where: { all: [is('firstTouch.source', 'equals', 'source 5'), is('leadStatus', 'equals', 'Open')] } },
    pages: [
      ...pages(`first_touch_origin_id IN (${source5}) AND +lead_status_id = ${status('Open')}`),
      sorted(`+first_touch_origin_id IN (${source5}) AND lead_status_id = ${status('Open')}`),
    ],
    counts: [
      count(`first_touch_origin_id IN (${source5}) AND +lead_status_id = ${status('Open')}`),
      count(`+first_touch_origin_id IN (${source5}) AND lead_status_id = ${status('Open')}`),
    ],
  },
  {
    name: 'source or status',
    query: { where: { any: [is('firstTouch.source', 'equals', 'source 5'), is('leadStatus', 'equals', 'Qualified')] } },
    pages: pages(`(first_touch_origin_id IN (${source5}) OR lead_status_id = ${status('Qualified')})`),
    counts: [
      count(`(first_touch_origin_id IN (${source5}) OR lead_status_id = ${status('Qualified')})`),
      `SELECT count(*) AS n FROM (SELECT id FROM person WHERE +id > 0 AND first_touch_origin_id IN (${source5})
        UNION SELECT id FROM person WHERE +id > 0 AND lead_status_id = ${status('Qualified')})`,
    ],
  },
  {
    name: 'has a deal of 100,000 or more',
    query: { where: { has: 'deal', where: is('amount', 'gte', 100_000) } },
    pages: [
      ...pages(`id IN (${large})`),
      walked('EXISTS (SELECT 1 FROM deal d WHERE d.person_id = person.id AND d.amount_minor >= 10000000)'),
    ],
    counts: [countKeys(large), count(`id IN (${large})`)],
  },
  {
    name: 'has no deal',
    query: { where: { has: 'deal', count: { eq: 0 } } },
    pages: [walked(`NOT ${hasDeal}`), walked('deal_state = 0')],
    counts: [
      count(`NOT ${hasDeal}`),
      `SELECT ${everybody} - (SELECT count(DISTINCT person_id) FROM deal WHERE person_id > 0) AS n`,
    ],
  },
  {
    name: 'ever touched by a source',
    query: { where: { has: 'touch', where: is('source', 'equals', 'source 5') } },
    pages: [
      ...pages(`id IN (${touchedBy5})`),
      walked(`EXISTS (SELECT 1 FROM touch t WHERE t.person_id = person.id AND t.origin_id IN (${source5}))`),
    ],
    counts: [countKeys(touchedBy5), count(`id IN (${touchedBy5})`)],
  },
  {
    name: 'touched at least twice',
    query: { where: { has: 'touch', count: { gte: 2 } } },
    pages: [walked(`${touchesByIndex} >= 2`), sorted(`id IN (${twice})`)],
    counts: [`SELECT count(*) AS n FROM (${twice})`, count(`${touchesByIndex} >= 2`)],
  },
  {
    name: 'sent a form in the last 30 days',
    query: { where: { has: 'submission', where: is('at', 'lastDays', { count: 30 }) } },
    pages: [
      ...pages(`id IN (${sent})`),
      walked(
        `EXISTS (SELECT 1 FROM submission s WHERE s.person_id = person.id AND s.at >= ${lately} AND s.at < ${endOfWorld})`,
      ),
    ],
    counts: [countKeys(sent), count(`id IN (${sent})`)],
  },
  {
    name: 'latest conversion of a source',
    query: { where: is('latestConversion.source', 'equals', 'source 5') },
    pages: pages(isLatest),
    counts: [count(isLatest)],
  },
  {
    name: 'works at a company of a country',
    query: { where: is('company.country', 'equals', 'SE') },
    pages: [walked(`company_id IN (${swedish})`), walked(atSwedish), sorted(`company_id IN (${swedish})`)],
    counts: [
      count(`company_id IN (${swedish})`),
      "SELECT count(*) AS n FROM company c JOIN person p ON p.company_id = c.id WHERE c.country = 'SE' AND +p.id > 0",
    ],
  },
  {
    name: 'in a selection',
    query: { where: is('selection', 'inSelection', '1') },
    pages: pages('id IN (SELECT member_id FROM selection_member WHERE selection_id = 1)'),
    counts: [count('id IN (SELECT member_id FROM selection_member WHERE selection_id = 1)')],
  },
  {
    name: 'everybody, by last name',
    query: { where: { all: [] }, sort: [{ field: 'lastName', direction: 'asc' }] },
    order: 'page.s IS NULL, page.s, page.k',
    pages: [
      `SELECT * FROM (SELECT id AS k, last_name_fold AS s FROM person WHERE +id > 0 AND last_name_fold IS NOT NULL ORDER BY last_name_fold, id LIMIT 51)
       UNION ALL SELECT * FROM (SELECT id AS k, NULL AS s FROM person WHERE +id > 0 AND last_name_fold IS NULL
         AND (SELECT count(*) FROM (SELECT 1 FROM person WHERE last_name_fold IS NOT NULL LIMIT 51)) < 51 ORDER BY id LIMIT 51) LIMIT 51`,
      'SELECT id AS k, last_name_fold AS s FROM person WHERE +id > 0 ORDER BY last_name_fold IS NULL, last_name_fold, id LIMIT 51',
    ],
    counts: [`SELECT ${everybody} AS n`],
  },
  {
    name: 'everybody, by first touch source',
    query: { where: { all: [] }, sort: [{ field: 'firstTouch.source', direction: 'asc' }] },
    order: 'page.s IS NULL, page.s, page.k',
    pages: [
      `SELECT p.id AS k, o.s FROM (SELECT o.id, v.canonical AS s FROM origin o LEFT JOIN origin_value a ON a.id = o.source_id
        LEFT JOIN origin_value v ON v.id = coalesce(a.alias_of, a.id)) o CROSS JOIN person p ON p.first_touch_origin_id = o.id
       WHERE +p.id > 0 ORDER BY o.s IS NULL, o.s, p.id LIMIT 51`,
      `SELECT id AS k, (SELECT (SELECT v.canonical FROM origin_value a JOIN origin_value v ON v.id = coalesce(a.alias_of, a.id) WHERE a.id = o.source_id)
         FROM origin o WHERE o.id = first_touch_origin_id) AS s FROM person WHERE +id > 0 ORDER BY s IS NULL, s, id LIMIT 51`,
    ],
    counts: [`SELECT ${everybody} AS n`],
  },
  {
    name: 'everybody, by company name',
    query: { where: { all: [] }, sort: [{ field: 'company.name', direction: 'asc' }] },
    order: 'page.s IS NULL, page.s, page.k',
    pages: [
      `SELECT p.id AS k, c.name_fold AS s FROM company c INDEXED BY company_name_fold CROSS JOIN person p INDEXED BY person_company ON p.company_id = c.id
       WHERE +p.id > 0 ORDER BY c.name_fold, p.id LIMIT 51`,
      'SELECT p.id AS k, c.name_fold AS s FROM person p LEFT JOIN company c ON c.id = p.company_id WHERE +p.id > 0 ORDER BY s IS NULL, s, p.id LIMIT 51',
    ],
    counts: [`SELECT ${everybody} AS n`],
  },
  {
    name: 'everybody, by number of forms',
    query: { where: { all: [] }, sort: [{ field: 'submissionCount', direction: 'desc' }] },
    order: 'page.s DESC, page.k DESC',
    pages: [
      'SELECT id AS k, (SELECT count(*) FROM submission s WHERE s.person_id = person.id) AS s FROM person WHERE +id > 0 ORDER BY 2 DESC, 1 DESC LIMIT 51',
      'SELECT person_id AS k, count(*) AS s FROM submission WHERE person_id > 0 GROUP BY person_id ORDER BY 2 DESC, 1 DESC LIMIT 51',
    ],
    counts: [`SELECT ${everybody} AS n`],
  },
];

/** What the product shows of a person where nothing else is asked for, looked up for the page alone. */
export function showPage(found: string, order = 'p.created_at DESC, p.id DESC'): string {
  return `SELECT page.k, p.email, p.first_name, p.last_name, c.name AS company, st.name AS status, w.id AS owner_id, w.name AS owner,
      fv.label AS first_source, lv.label AS lead_source, p.created_at
    FROM (${found}) page CROSS JOIN person p ON p.id = page.k LEFT JOIN company c ON c.id = p.company_id
      LEFT JOIN lead_status st ON st.id = p.lead_status_id LEFT JOIN owner w ON w.id = p.owner_id
      LEFT JOIN origin f ON f.id = p.first_touch_origin_id LEFT JOIN origin_value fo ON fo.id = f.source_id
      LEFT JOIN origin_value fv ON fv.id = coalesce(fo.alias_of, fo.id)
      LEFT JOIN origin l ON l.id = p.lead_creation_origin_id LEFT JOIN origin_value lo ON lo.id = l.source_id
      LEFT JOIN origin_value lv ON lv.id = coalesce(lo.alias_of, lo.id)
    ORDER BY ${order}`;
}
