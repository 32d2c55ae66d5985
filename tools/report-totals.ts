import { createClient } from '@libsql/client/http';

const month = (column: string) =>
  `CAST(strftime('%Y%m', (${column} + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer)`;
const via = `(CASE p.created_via WHEN 'form' THEN 0 WHEN 'api' THEN 1 WHEN 'import' THEN 2 WHEN 'chat' THEN 3 WHEN 'phone' THEN 4
  WHEN 'event' THEN 5 WHEN 'manual' THEN 6 ELSE 7 END)`;

/** The totals as the rows have them: whether a person has deals is read from the deals, not from what is kept. */
export const countedAnew = `
  WITH state AS MATERIALIZED (SELECT p.*, coalesce((SELECT max(1 + (d.status = 'won')) FROM deal d WHERE d.person_id = p.id), 0) AS state
    FROM person p)
  SELECT k.value AS kind, ${month('p.created_at')} AS month,
    CASE k.value WHEN 1 THEN p.first_touch_origin_id * 16 + ${via} WHEN 2 THEN p.lead_creation_origin_id * 16 + ${via}
      WHEN 3 THEN coalesce(p.lead_status_id, 0) ELSE coalesce(p.created_form_id, 0) END AS key,
    count(*) AS n, sum(p.state > 0) AS m, sum(p.state = 2) AS won
  FROM state p, json_each('[1,2,3,4]') k GROUP BY 1, 2, 3
  UNION ALL SELECT 5, ${month('s.at')}, s.form_id, count(*), sum(s.created_person = 0), 0
    FROM submission s WHERE s.person_id IS NOT NULL GROUP BY 1, 2, 3`;

/** Where what is kept differs from what is counted anew; nothing, if all is well. */
export const differences = `
  WITH kept AS (SELECT kind, month, key, n, m, won FROM report_total WHERE n <> 0 OR m <> 0 OR won <> 0), counted AS (${countedAnew})
  SELECT 'kept' AS side, * FROM (SELECT * FROM kept EXCEPT SELECT * FROM counted)
  UNION ALL SELECT 'counted', * FROM (SELECT * FROM counted EXCEPT SELECT * FROM kept)`;

/** In one transaction; reports wait for nothing. */
export const rebuild = [
  `UPDATE person SET deal_state = coalesce((SELECT max(1 + (d.status = 'won')) FROM deal d WHERE d.person_id = person.id), 0)
    WHERE deal_state <> 0 OR id IN (SELECT person_id FROM deal WHERE person_id IS NOT NULL)`,
  'DELETE FROM report_total',
  `INSERT INTO report_total (kind, month, key, n, m, won) ${countedAnew}`,
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
  console.log(`Counted anew; ${Number(found!.rows[0]!['n'])} totals were wrong.`);
  client.close();
}
