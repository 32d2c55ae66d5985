import { beforeEach, describe, expect, it } from 'vitest';
import { locations } from '../support/api-answers.ts';
import { adminKey, createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

// Bodies and cursors that are made to hurt whoever reads them.

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
});

async function send(path: string, body: string, method = 'POST') {
  const response = await kilde.request(path, {
    method,
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    body,
  });
  return { status: response.status, body: await response.json<any>() };
}

const nested = (depth: number, open: string, close: string) => open.repeat(depth) + '1' + close.repeat(depth);

describe('JSON that is nested very deep', () => {
  it.each([
    ['lists', nested(100_000, '[', ']')],
    ['objects', nested(40_000, '{"a":', '}')],
    ['lists with half a surrogate pair', `["\\ud800",${nested(65_000, '[', ']')}]`],
    ['lists in a field', `{"email":${nested(50_000, '[', ']')}}`],
  ])('of %s is refused by forms and by the API', async (_name, body) => {
    for (const path of ['/f/demo', '/api/v1/segments/query', '/api/v1/attribution', '/api/v1/reports/query']) {
      const answer = await send(path, body);
      expect([path, answer.status, answer.body.code]).toEqual([path, 400, 'bad_request']);
      expect(answer.body.detail).toContain('64 levels');
    }
  });

  it('is refused in a query string', async () => {
    const where = nested(9_000, '[', ']');
    for (const path of [
      '/people/export?where=',
      '/reports/new-leads-by-campaign?where=',
      '/reports/new-leads-by-campaign?filter=',
    ]) {
      const answer = await kilde.api('GET', path + where);
      expect([path, answer.status < 500]).toEqual([path, true]);
    }
  });
});

describe('lists with more members than they may have', () => {
  it.each([
    ['PUT', '/deals'],
    ['PUT', '/costs'],
    ['PUT', '/people'],
    ['PUT', '/exchange-rates'],
  ])('%s %s refuses 250,000 at once', async (method, path) => {
    const { status, body } = await send(
      `/api/v1${path}`,
      JSON.stringify({ items: Array.from({ length: 250_000 }, () => 1) }),
      method,
    );
    expect([status, locations(body)]).toEqual([422, ['body.items']]);
    expect(body.errors[0].message).toContain('250000');
  });

  it('names a hundred unknown fields of fifty thousand', async () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`f${i}`, 1]));
    const { status, body } = await kilde.api('POST', '/forms', { name: 'A', ...many });
    expect([status, body.errors.length]).toEqual([422, 100]);
    expect(body.detail).toContain('and 49900 more faults');
  });

  it('cuts the name of an unknown field', async () => {
    const { status, body } = await kilde.api('POST', '/forms', { name: 'A', ['x'.repeat(500_000)]: 1 });
    expect([status, JSON.stringify(body).length < 2_000]).toEqual([422, true]);
  });

  it('names the first hundred faults of criteria', async () => {
    const all = Array.from({ length: 400 }, () => ({ field: 'nope', op: 'equals', value: 1 }));
    const { status, body } = await kilde.api('POST', '/segments/query', { entity: 'person', where: { all } });
    expect([status, body.errors.length]).toEqual([422, 100]);
    expect(body.detail).toContain('and 300 more faults');
  });

  it('refuses more filters than a list takes, and does not leave any out', async () => {
    const many = Array.from({ length: 300 }, (_, i) => `email[notEquals]${i}=x`).join('&');
    expect((await kilde.api('GET', `/people?${many}`)).status).toBe(422);
  });
});

describe('a cursor', () => {
  const cursor = (json: string) => btoa(json).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const lists = [
    'people',
    'companies',
    'submissions',
    'deals',
    'costs',
    'exchange-rates',
    'quarantine',
    'audit-log',
    'links',
  ];
  const parts = [
    String.raw`"\ud800"`,
    String.raw`"\udc00x"`,
    String.raw`"\u0000"`,
    '1e400',
    '-0',
    '9223372036854775808',
    '1.5',
    'null',
    '[]',
    `"${'x'.repeat(150)}"`,
    '"\ud7ff"',
  ];

  it.each(parts)('that holds %s gives a page or a fault of the caller', async (part) => {
    for (const list of lists) {
      for (const values of [
        [part, part],
        [part, part, part],
        ['1', part],
        [part, '1'],
        [part],
        [`"2026-01-01"`, part],
        [`"2026-01-01"`, part, part],
      ]) {
        const path = `/${list}?cursor=${cursor(encodeText(`[${values.join(',')}]`))}`;
        const { status } = await kilde.api('GET', path);
        expect([path, status < 500]).toEqual([path, true]);
      }
    }
    for (const [field, direction] of [
      ['email', 'asc'],
      ['createdAt', 'desc'],
    ]) {
      for (const key of [part, '1']) {
        const text = `{"s":"${field} ${direction}","v":[${part}],"k":${key}}`;
        const body = { entity: 'person', sort: [{ field, direction }], cursor: cursor(encodeText(text)) };
        const { status } = await kilde.api('POST', '/segments/query', body);
        expect([text, status < 500]).toEqual([text, true]);
      }
    }
  });
});

/** A text's bytes in UTF-8, each as a character. */
const encodeText = (text: string) => String.fromCharCode(...new TextEncoder().encode(text));

it('refuses a filter of a report that is no text', async () => {
  for (const value of [{ a: 1 }, 5, ['a', { b: 1 }], [['a']], 'x'.repeat(300)]) {
    const { status } = await kilde.api('POST', '/reports/query', {
      measures: ['leads'],
      dimensions: ['source'],
      filter: { source: value },
    });
    expect([value, status]).toEqual([value, 422]);
  }
});
