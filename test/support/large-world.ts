import type { Client } from '@libsql/client/http';

/**
 * A hundred thousand people and what belongs to them, made by the database itself: every number is a function of the
 * row's, so that each value has a known share.
 */
export async function fillLargeWorld(client: Client, people: number): Promise<void> {
  const count = (n: number) => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${n})`;
  const start = Date.parse('2024-01-01T00:00:00Z');
  const step = Math.floor((730 * 86_400_000) / people);
  const at = (of: string) => `${start} + ${of} * ${step}`;
  const companies = Math.floor(people / 5);
  const fields = ['source', 'medium', 'campaign', 'term', 'content', 'id', 'channel', 'referrerDomain', 'landingPage'];
  const value = (field: string, i: string) =>
    `(SELECT id FROM origin_value WHERE field = '${field}' AND canonical = '${field.toLowerCase()} ' || (${i}))`;
  await client.batch(
    [
      `${count(9 * 500)} INSERT INTO origin_value (field, canonical, label, first_seen_at)
        SELECT f.value, lower(f.value) || ' ' || (i / 9), f.value || ' ' || (i / 9), 0
        FROM n JOIN json_each('${JSON.stringify(fields)}') f ON f.key = i % 9`,
      `${count(2_000)} INSERT INTO origin (key, site_id, source_id, medium_id, campaign_id, term_id, content_id, utm_id_id, referrer_domain_id, channel_id)
        SELECT 'o' || i, 1, ${value('source', 'i % 200 + 1')}, ${value('medium', 'i % 10 + 1')}, ${value('campaign', 'i % 490 + 1')}, 0, 0, 0, 0, ${value('channel', 'i % 12 + 1')} FROM n`,
      `INSERT INTO form (id, key, name, site_id, created_at) VALUES (1, 'contact', 'Contact', 1, 0), (2, 'webinar', 'Webinar', 1, 0)`,
      `INSERT INTO owner (id, name, created_at) VALUES (1, 'Kari', 0), (2, 'Ola', 0)`,
      `${count(companies)} INSERT INTO company (id, name, name_fold, domain, country, category_id, created_via, created_at, updated_at, creation_id)
        SELECT i, 'Company ' || i, 'company ' || i, 'c' || i || '.no', CASE i % 50 WHEN 0 THEN 'SE' ELSE 'NO' END, CASE i % 100 WHEN 0 THEN 2 ELSE 1 END, 'form', ${at('i * 5')}, 0, 'c' || i FROM n`,
    ],
    'write',
  );
  await client.batch(
    [
      `${count(people)} INSERT INTO person (id, email, first_name, first_name_fold, last_name, last_name_fold, company_id, owner_id, lead_status_id, country, created_via, created_form_id,
          created_at, updated_at, creation_id, first_touch_origin_id, first_touch_at, first_touch_landing_page_id, lead_creation_origin_id, lead_creation_at, lead_creation_landing_page_id)
        SELECT i, 'p' || i || '@c' || (i % ${companies} + 1) || '.no', 'First ' || (i % 997), 'first ' || (i % 997), 'Last ' || i, 'last ' || i, i % ${companies} + 1,
          CASE i % 1000 WHEN 0 THEN 1 END, CASE i % 200 WHEN 0 THEN 5 ELSE 1 END, CASE i % 100 WHEN 0 THEN 'SE' ELSE 'NO' END, 'form', CASE i % 500 WHEN 0 THEN 2 ELSE 1 END,
          ${at('i')}, 0, 'p' || i, i % 2000 + 1, ${at('i')} - 1000, 0, (i * 7) % 2000 + 1, ${at('i')}, 0 FROM n`,
    ],
    'write',
  );
  await client.batch(
    [
      `${count(people * 2)} INSERT INTO touch (person_id, at, origin_id, landing_page_id)
        SELECT i % ${people} + 1, ${at('i / 2')} + i, (i * 13) % 2000 + 1, 0 FROM n`,
      `${count(people)} INSERT INTO submission (id, form_id, person_id, company_id, at, created_person, origin_id, touch_at, landing_page_id, fields)
        SELECT printf('s%08d', i), CASE i % 500 WHEN 0 THEN 2 ELSE 1 END, i, i % ${companies} + 1, ${at('i')}, 1, (i * 7) % 2000 + 1, ${at('i')}, 0, '{}' FROM n`,
      `${count(Math.floor(people / 50))} INSERT INTO deal (external_id, person_id, company_id, status, amount_minor, currency, registered_at, updated_at)
        SELECT 'd' || i, i * 50, (i * 50) % ${companies} + 1, CASE i % 3 WHEN 0 THEN 'won' ELSE 'open' END, i * 1000, 'NOK', ${at('i * 50')}, 0 FROM n`,
      `INSERT INTO selection (id, name, entity, kind, created_at) VALUES (1, 'Hand-picked', 'person', 'static', 0)`,
      `INSERT INTO selection_member (selection_id, member_id, added_at) VALUES (1, 10, 0), (1, 20, 0)`,
    ],
    'write',
  );
}
