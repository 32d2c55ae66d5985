import { beforeEach, describe, expect, it } from 'vitest';
import { adminKey, createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

// Answers that are larger than the database gives at once are refused with what to do, and never 500.

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
});

const count = (n: number) => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${n})`;

/** People each with an origin of its own, whose values are long. */
async function fill(people: number, length: number): Promise<void> {
  const long = (name: string) => `'${name}' || i || '${'x'.repeat(length)}'`;
  for (const [n, field] of ['campaign', 'term', 'content', 'source', 'medium'].entries()) {
    await kilde.sql(`${count(people)} INSERT INTO origin_value (id, field, canonical, label, first_seen_at)
      SELECT ${1_000_000 * (n + 1)} + i, '${field}', ${long(field)}, ${long(field)}, 0 FROM n`);
  }
  await kilde.sql(`${count(people)} INSERT INTO origin (id, key, site_id, source_id, medium_id, campaign_id, term_id, content_id, utm_id_id, referrer_domain_id, channel_id)
    SELECT 1000 + i, 'o' || i, 1, 4000000 + i, 5000000 + i, 1000000 + i, 2000000 + i, 3000000 + i, 0, 0, 0 FROM n`);
  await kilde.sql(`${count(people)} INSERT INTO person (id, email, created_via, created_at, updated_at, creation_id, lead_status_id,
      first_touch_origin_id, first_touch_at, first_touch_landing_page_id, lead_creation_origin_id, lead_creation_at, lead_creation_landing_page_id)
    SELECT i, 'p' || i || '@firma.no', 'api', 1788000000000, 0, 'p' || i, 1, 1000 + i, 1788000000000, 0, 1000 + i, 1788000000000, 0 FROM n`);
  await kilde.sql(
    `${count(people)} INSERT INTO touch (person_id, at, origin_id, landing_page_id) SELECT i, 1788000000000, 1000 + i, 0 FROM n`,
  );
  await kilde.sql(`${count(people)} INSERT INTO deal (external_id, person_id, status, amount_minor, currency, registered_at, closed_at, updated_at, first_touch_origin_id, lead_creation_origin_id)
    SELECT 'd' || i, i, 'won', 100, 'NOK', 1788000000000, 1788000000000, 0, 1000 + i, 1000 + i FROM n`);
}

const models = ['firstTouch', 'leadCreation', 'lastTouch', 'linear', 'positionBased', 'timeDecay', 'markov', 'shapley'];
const period = { from: '2020-01-01', to: '2030-01-01' };

describe('reports', () => {
  it('of all models by campaign and term at 8,000 people name the bound', { timeout: 60_000 }, async () => {
    await fill(8_000, 60);
    for (const query of [
      {
        measures: ['deals', 'wonDeals', 'revenue', 'leads'],
        dimensions: ['campaign', 'term'],
        attribution: models,
        period,
      },
      { measures: ['deals'], dimensions: ['campaign'], attribution: ['markov'], period },
    ]) {
      const { status, body } = await kilde.api('POST', '/reports/query', query);
      expect([status, body.code]).toEqual([422, 'too_expensive']);
      expect(body.detail).toMatch(/at most [\d]+ \w+/);
    }
  });

  it('of long labels name the size', { timeout: 60_000 }, async () => {
    await fill(10_000, 240);
    const dimensions = ['campaign', 'term', 'content', 'source', 'medium'];
    const report = { measures: ['leads'], dimensions, period, limit: 10_000 };
    const asked = await kilde.api('POST', '/reports/query', report);
    expect([asked.status, asked.body.code]).toEqual([422, 'too_expensive']);
    expect(asked.body.detail).toContain('smaller limit');
    const { body: saved } = await kilde.api('POST', '/reports', { name: 'Long', query: report });
    for (const path of [`/reports/${saved.id}`, `/reports/${saved.id}?format=csv`]) {
      expect([path, (await kilde.api('GET', path)).body.code]).toEqual([path, 'too_expensive']);
    }
    expect((await kilde.api('POST', '/reports/query', { ...report, limit: 100 })).status).toBe(200);
  });

  it('that would hold too many numbers are refused before they run, or hold fewer rows', async () => {
    const measures = ['leadToDealRate', 'leadToWonRate', 'visitToLeadRate', 'winRate', 'leadShare', 'dealShare'];
    kilde.roundTrips();
    const asked = await kilde.api('POST', '/reports/query', {
      measures,
      dimensions: ['source'],
      attribution: models.slice(0, 6),
      limit: 10_000,
    });
    expect([asked.status, asked.body.code, asked.body.errors[0].location]).toEqual([
      422,
      'too_expensive',
      'body.limit',
    ]);
    const daily = {
      measures,
      grain: 'day',
      attribution: models.slice(0, 6),
      period: { from: '2024-01-01', to: '2026-08-01' },
      compare: 'previousYear',
    };
    const wide = await kilde.api('POST', '/reports/query', daily);
    expect([wide.status, wide.body.code]).toEqual([422, 'too_expensive']);
    // The key's, and no more.
    expect(kilde.roundTrips()).toBeLessThan(2);
    expect(
      (await kilde.api('POST', '/reports/query', { measures, dimensions: ['source'], attribution: models.slice(0, 6) }))
        .status,
    ).toBe(200);
  });
});

it(
  'lists, and members, of large records are refused with advice; an export reads them in smaller pages',
  { timeout: 60_000 },
  async () => {
    await kilde.sql("INSERT INTO form (id, key, name, site_id, created_at) VALUES (1, 'demo', 'Demo', 1, 0)");
    await kilde.sql(`${count(1_500)} INSERT INTO submission (id, form_id, at, created_person, origin_id, touch_at, landing_page_id, fields)
    SELECT printf('s%05d', i), 1, 1788000000000 + i, 0, NULL, 0, 0, json_object('message', replace(hex(zeroblob(7000)), '0', 'x')) FROM n`);
    await kilde.api('PUT', '/people', { items: [{ email: 'kari@firma.no', createdVia: 'api' }] });
    await kilde.sql('UPDATE submission SET person_id = 1');
    const columns = ['id', 'fields.message'];
    const list = await kilde.api('POST', '/segments/query', { entity: 'submission', columns, limit: 1_000 });
    expect([list.status, list.body.code, JSON.stringify(list.body).length]).toEqual([
      422,
      'too_expensive',
      expect.any(Number),
    ]);
    const response = await kilde.request('/api/v1/segments/query', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${adminKey}`,
        'content-type': 'application/json',
        accept: 'application/x-ndjson',
      },
      body: JSON.stringify({ entity: 'submission', columns }),
    });
    expect(response.status).toBe(200);
    expect((await response.text()).trim().split('\n')).toHaveLength(1_500);
  },
);
