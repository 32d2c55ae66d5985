import { beforeAll, describe, expect, it } from 'vitest';
import { adminKey, createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let test: TestApp;

type Touch = {
  at: string;
  source: string;
  medium?: string;
  campaign?: string;
  clickIds?: Array<{ name: string; value: string }>;
};
const lead = (email: string, createdAt: string, journey: Touch[], rest: object = {}) => ({
  email,
  createdAt,
  journey,
  createdVia: 'import',
  ...rest,
});

beforeAll(async () => {
  test = await createTestApp();
  await test.api('POST', '/forms', { slug: 'contact', name: 'Contact' });
  const stored = await test.api('PUT', '/people', {
    items: [
      lead(
        'kari@ost.no',
        '2026-08-01T10:00:00Z',
        [
          {
            at: '2026-07-30T10:00:00Z',
            source: 'LinkedIn',
            medium: 'social',
            clickIds: [
              { name: 'li_fat_id', value: 'Li-AbC' },
              { name: 'fbclid', value: 'Fb-XyZ' },
            ],
          },
        ],
        {
          firstName: 'Kåre',
          lastName: 'Øst',
          title: '=1+1',
          company: { name: 'Øst AS' },
        },
      ),
      lead(
        'ola@ost.no',
        '2026-08-02T10:00:00Z',
        [{ at: '2026-08-01T10:00:00Z', source: 'newsletter', campaign: 'Webinar_Sept' }],
        {
          lastName: 'Vest',
          leadStatus: 'Qualified',
        },
      ),
      lead('per@vest.no', '2026-08-31T22:30:00Z', [
        { at: '2026-08-20T10:00:00Z', source: 'linked-in' },
        { at: '2026-08-25T10:00:00Z', source: 'newsletter' },
      ]),
    ],
  });
  expect(stored.status).toBe(200);
});

const query = (body: object) => test.api('POST', '/segments/query', body);
const emails = async (where: object | null, rest: object = {}): Promise<string[]> => {
  const { status, body } = await query({
    entity: 'person',
    where,
    columns: ['email'],
    sort: [{ field: 'email' }],
    ...rest,
  });
  expect(body.errors ?? [], JSON.stringify(body)).toEqual([]);
  expect(status).toBe(200);
  return body.items.map((item: { email: string }) => item.email);
};

describe('POST /segments/query', () => {
  it('finds people by their points, folded, and by what belongs to them', async () => {
    expect(await emails({ field: 'firstTouch.source', op: 'equals', value: 'linkedin' })).toEqual(['kari@ost.no']);
    expect(await emails({ field: 'lastName', op: 'equals', value: 'ØST' })).toEqual(['kari@ost.no']);
    expect(await emails({ field: 'firstTouch.campaign', op: 'startsWith', value: 'WEBINAR_' })).toEqual(['ola@ost.no']);
    expect(await emails({ field: 'firstTouch.campaign', op: 'contains', value: '%' })).toEqual([]);
    expect(await emails({ has: 'touch', where: { field: 'source', op: 'equals', value: 'newsletter' } })).toEqual([
      'ola@ost.no',
      'per@vest.no',
    ]);
    const colleague = { has: 'person', where: { field: 'leadStatus', op: 'equals', value: 'qualified' } };
    expect(await emails({ has: 'company', where: colleague })).toEqual(['kari@ost.no', 'ola@ost.no']);
  });

  it('follows a correction at once, and back', async () => {
    const where = { field: 'firstTouch.source', op: 'oneOf', value: ['LinkedIn'] };
    const made = await test.api('POST', '/aliases', { field: 'source', values: ['linked-in'], canonical: 'linkedin' });
    expect(await emails(where)).toEqual(['kari@ost.no', 'per@vest.no']);
    await test.api('DELETE', `/aliases/${made.body.id}`);
    expect(await emails(where)).toEqual(['kari@ost.no']);
  });

  it('counts days in the time zone of the site, or in another', async () => {
    // The clock stands at noon in Oslo on 1 September; per came at half past midnight there.
    expect(await emails({ field: 'createdAt', op: 'today' })).toEqual(['per@vest.no']);
    expect(await emails({ field: 'createdAt', op: 'today' }, { timeZone: 'UTC' })).toEqual([]);
    expect(await emails({ field: 'createdAt', op: 'previous', value: { unit: 'month' } })).toEqual([
      'kari@ost.no',
      'ola@ost.no',
    ]);
  });

  it('shows a won deal with what it belongs to in one request', async () => {
    const put = await test.api('PUT', '/deals', {
      items: [
        {
          externalId: 'won-1',
          name: 'Big',
          amount: 12_000,
          currency: 'NOK',
          status: 'won',
          closedAt: '2026-09-01',
          email: 'kari@ost.no',
        },
        { externalId: 'open-1', name: 'Small', amount: 1_000, currency: 'NOK', status: 'open', email: 'ola@ost.no' },
      ],
    });
    expect(put.status).toBe(200);
    const columns = [
      'name',
      'amount',
      'person.email',
      'company.name',
      'person.company.domain',
      'person.firstTouch.source',
      'person.leadCreation.medium',
      'person.firstTouch.clickIds.li_fat_id',
      'person.leadCreation.clickIds.FBCLID',
      'person.firstTouch.clickIds.gclid',
    ];
    const where = {
      all: [
        { field: 'status', op: 'equals', value: 'won' },
        { field: 'person.firstTouch.source', op: 'equals', value: 'linkedin' },
      ],
    };
    const { body } = await query({ entity: 'deal', where, columns, sort: [{ field: 'person.lastName' }], count: true });
    expect(body).toEqual({
      items: [
        {
          id: expect.any(String),
          name: 'Big',
          amount: 12_000,
          'person.email': 'kari@ost.no',
          'company.name': 'Øst AS',
          'person.company.domain': 'ost.no',
          'person.firstTouch.source': 'LinkedIn',
          'person.leadCreation.medium': 'social',
          'person.firstTouch.clickIds.li_fat_id': 'Li-AbC',
          'person.leadCreation.clickIds.FBCLID': 'Fb-XyZ',
          'person.firstTouch.clickIds.gclid': null,
        },
      ],
      nextCursor: null,
      count: 1,
    });
  });

  it('finds people by what they have consented to, and since when', async () => {
    await test.api('POST', '/forms', {
      slug: 'news',
      name: 'News',
      consents: [{ field: 'news', purpose: 'Newsletter', text: 'Send me news' }],
    });
    const sent = await test.submit('news', { email: 'nina@nord.no', news: 'yes' });
    expect(sent.status).toBe(201);
    const consented = (since: string) => ({
      has: 'consent',
      where: {
        all: [
          { field: 'purpose', op: 'equals', value: 'newsletter' },
          { field: 'given', op: 'equals', value: true },
          { field: 'at', op: 'after', value: since },
        ],
      },
    });
    expect(await emails(consented('2026-08-31'))).toEqual(['nina@nord.no']);
    expect(await emails(consented('2026-09-01'))).toEqual([]);
    const columns = ['email', 'consent.purpose', 'consent.given', 'consent.at'];
    const where = { field: 'consent.purpose', op: 'notEmpty' };
    const { body } = await query({ entity: 'person', where, columns });
    const at = '2026-09-01T10:00:00.000Z';
    expect(body.items).toEqual([
      {
        id: expect.any(String),
        email: 'nina@nord.no',
        'consent.purpose': 'Newsletter',
        'consent.given': true,
        'consent.at': at,
      },
    ]);
    expect(await emails({ field: 'consent.given', op: 'notEquals', value: true })).not.toContain('nina@nord.no');
    await test.api('DELETE', `/people/${body.items[0].id}`);
  });

  it('counts the records left after each line and in each branch', async () => {
    const is = (field: string, op: string, value?: unknown) => ({
      field,
      op,
      ...(value === undefined ? {} : { value }),
    });
    const where = {
      all: [
        is('createdVia', 'equals', 'import'),
        { any: [is('firstTouch.source', 'equals', 'linkedin'), is('firstTouch.source', 'equals', 'newsletter')] },
        { not: is('leadStatus', 'equals', 'Qualified') },
      ],
    };
    await query({ entity: 'person' });
    test.roundTrips();
    const { status, body } = await test.api('POST', '/segments/counts', { entity: 'person', where });
    expect(test.roundTrips()).toBe(1);
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        count: 1,
        counts: [
          { location: 'where', count: 1 },
          { location: 'where.all[0]', count: 3 },
          { location: 'where.all[1]', count: 2 },
          { location: 'where.all[1].any[0]', count: 1 },
          { location: 'where.all[1].any[1]', count: 1 },
          { location: 'where.all[2]', count: 1 },
          { location: 'where.all[2].not', count: 1 },
        ],
      },
    });
    const wrong = { all: [is('email', 'notEmpty'), is('leadStatus', 'equals', 'Nowhere')] };
    const refused = await test.api('POST', '/segments/counts', { entity: 'person', where: wrong });
    expect(refused.body.errors.map(({ location }: { location: string }) => location)).toEqual(['where.all[1].value']);
    // The whole tree is counted, and of its many lines as many as one request may.
    const many = { all: Array.from({ length: 100 }, (_, n) => is('email', 'notEquals', `nobody${n}@x.no`)) };
    const bounded = (await test.api('POST', '/segments/counts', { entity: 'person', where: many })).body;
    const known = bounded.counts.filter(({ count }: { count: number | null }) => count !== null);
    expect([bounded.count > 0, known.length > 30, known.length < 60]).toEqual([true, true, true]);
  });

  it('takes days relative to today, with a unit and its count', async () => {
    const found = async (op: string, value?: unknown) =>
      emails({
        all: [
          { field: 'createdAt', op, ...(value ? { value } : {}) },
          { field: 'createdVia', op: 'equals', value: 'import' },
        ],
      });
    expect(await found('beforeToday')).toEqual(['kari@ost.no', 'ola@ost.no']);
    expect(await found('today')).toEqual(['per@vest.no']);
    expect(await found('afterToday')).toEqual([]);
    expect(await found('lastDays', { unit: 'day', count: 31 })).toEqual(['ola@ost.no', 'per@vest.no']);
    expect(await found('previousThisAndNext', { unit: 'day' })).toEqual(['per@vest.no']);
    expect(await found('previousThisAndNext', { unit: 'month' })).toHaveLength(3);
    const where = { field: 'createdAt', op: 'lastDays', value: { unit: 'week', count: 1 } };
    expect((await query({ entity: 'person', where })).body.errors).toEqual([
      { location: 'where.value.unit', message: 'must be day' },
    ]);
  });

  it('answers a page with its count in one round trip', async () => {
    const body = {
      entity: 'person',
      where: {
        all: [
          { field: 'leadStatus', op: 'oneOf', value: ['Open', 'Qualified'] },
          { field: 'createdAt', op: 'lastDays', value: 365 },
        ],
      },
      limit: 2,
      count: true,
    };
    await query(body);
    test.roundTrips();
    const { body: page } = await query(body);
    expect(test.roundTrips()).toBe(1);
    expect(page.count).toBe(3);
    expect(page.items).toHaveLength(2);
    expect(page.items[0]).toMatchObject({
      email: 'per@vest.no',
      leadStatus: { id: '1', name: 'Open' },
      owner: null,
      'company.name': 'vest.no',
    });
    const { body: next } = await query({ ...body, cursor: page.nextCursor });
    expect(next.items.map((item: { email: string }) => item.email)).toEqual(['kari@ost.no']);
    expect(next.nextCursor).toBeNull();
  });

  it('loses and doubles nobody while people are added between pages', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    let added = 0;
    do {
      const { body } = await query({
        entity: 'person',
        columns: ['email'],
        sort: [
          { field: 'lastName', direction: 'asc' },
          { field: 'createdAt', direction: 'desc' },
        ],
        limit: 1,
        cursor,
      });
      seen.push(...body.items.map((item: { email: string }) => item.email));
      cursor = body.nextCursor;
      if (added < 2) {
        await test.api('POST', '/people', {
          email: `first${added}@a.no`,
          lastName: 'Aa',
          createdAt: `2026-08-1${added}T10:00:00Z`,
        });
        added += 1;
      }
    } while (cursor !== null);
    expect(seen).toEqual(['ola@ost.no', 'kari@ost.no', 'per@vest.no']);
    for (const { email } of (
      await query({ entity: 'person', where: { field: 'email', op: 'endsWith', value: '@a.no' }, columns: ['email'] })
    ).body.items) {
      const [{ id }] = (await test.sql('SELECT id FROM person WHERE email = ?', [email])) as [{ id: number }];
      await test.api('DELETE', `/people/${id}`);
    }
  });

  it('names the place of each mistake', async () => {
    const mistakes: Array<[object, string[]]> = [
      [
        {
          where: {
            all: [
              { field: 'email', op: 'empty' },
              { field: 'email', op: 'before', value: '2026-01-01' },
            ],
          },
        },
        ['where.all[1].op'],
      ],
      [{ where: { any: [{ not: { field: 'nose', op: 'empty' } }] } }, ['where.any[0].not.field']],
      [
        { where: { has: 'deal', where: { field: 'amount', op: 'gte', value: 'much' }, count: { gte: -1 } } },
        ['where.where.value', 'where.count.gte'],
      ],
      [{ where: { has: 'person' } }, ['where.has']],
      [{ where: { field: 'createdAt', op: 'on', value: '2026-02-30' } }, ['where.value']],
      [
        { where: { field: 'createdAt', op: 'previous', value: { unit: 'fortnight', count: 0 } } },
        ['where.value.unit', 'where.value.count'],
      ],
      [{ where: { field: 'createdAt', op: 'between', value: ['2026-02-03', '2026-02-01'] } }, ['where.value']],
      [{ where: { field: 'email', op: 'equals', value: '' } }, ['where.value']],
      [{ where: { field: 'email', op: 'oneOf', value: ['a@b.no', 5] } }, ['where.value[1]']],
      [{ where: { field: 'createdVia', op: 'equals', value: 'pigeon' } }, ['where.value']],
      [{ where: { field: 'leadStatus', op: 'oneOf', value: ['Open', 'Opne'] } }, ['where.value[1]']],
      [
        {
          where: {
            all: [
              { field: 'company.category', op: 'equals', value: 'Nope' },
              { field: 'owner', op: 'equals', value: '99' },
            ],
          },
        },
        ['where.all[0].value', 'where.all[1].value'],
      ],
      [{ where: { field: 'selection', op: 'inSelection', value: '99' } }, ['where.value']],
      [{ where: { all: [], any: [] } }, ['where']],
      [{ where: { all: [{ field: 'email', op: 'empty', extra: 1 }] } }, ['where.all[0].extra']],
      [{ where: [] }, ['where']],
      [{ columns: ['email', 'nose'] }, ['body.columns[1]']],
      [{ sort: [{ field: 'nose' }] }, ['body.sort[0].field']],
      [{ sort: [{ field: 'email' }, { field: 'email' }] }, ['body.sort[1].field']],
      [{ cursor: 'nonsense' }, ['body.cursor']],
      [{ timeZone: 'Mars/Base' }, ['body.timeZone']],
      [{ limit: 1001 }, ['body.limit']],
      [{ format: 'csv', cursor: 'x', count: true }, ['body.cursor', 'body.count']],
    ];
    for (const [body, locations] of mistakes) {
      const { status, body: problem } = await query({ entity: 'person', ...body });
      expect(status, JSON.stringify(body)).toBe(422);
      expect(
        problem.errors.map((one: { location: string }) => one.location),
        JSON.stringify(body),
      ).toEqual(locations);
    }
  });

  it('refuses a cursor of another order', async () => {
    const { body } = await query({ entity: 'person', limit: 1, sort: [{ field: 'email' }] });
    const other = await query({
      entity: 'person',
      limit: 1,
      sort: [{ field: 'email', direction: 'desc' }],
      cursor: body.nextCursor,
    });
    expect(other.body.errors[0].location).toBe('body.cursor');
  });

  it('takes the deepest and the widest tree there may be, and no more', async () => {
    // What is deepest comes last: all before it waits on the parser's stack.
    const nest = (depth: number, inner: object): object =>
      depth === 0 ? inner : { all: [{ all: [] }, nest(depth - 1, inner)] };
    const relations = (depth: number): object =>
      depth === 0
        ? { field: 'company.companySource.firstTouch.source', op: 'notContains', value: 'Ø' }
        : {
            has: 'company',
            where: {
              any: [
                { has: 'person', where: relations(depth - 2), count: { lt: 3 } },
                { field: 'name', op: 'empty' },
              ],
            },
            count: { gte: 1 },
          };
    expect(await emails(nest(11, { field: 'company.name', op: 'contains', value: 'ø' }))).toEqual([
      'kari@ost.no',
      'ola@ost.no',
    ]);
    expect((await query({ entity: 'person', where: relations(6), count: true })).status).toBe(200);
    expect(
      (await query({ entity: 'person', where: nest(12, { field: 'email', op: 'notEmpty' }) })).body.errors[0].message,
    ).toContain('12 levels');
    const wide = (n: number) => ({
      any: Array.from({ length: n }, (_, index) => ({
        field: 'firstTouch.source',
        op: 'contains',
        value: `v${index}`,
      })),
    });
    expect(await emails(wide(499))).toEqual([]);
    expect((await query({ entity: 'person', where: wide(500) })).body.errors[0].message).toContain('500 conditions');
    const many = Array.from({ length: 1_000 }, (_, index) => `p${index}@x.no`);
    expect(await emails({ field: 'email', op: 'noneOf', value: many })).toHaveLength(3);
    expect(
      (await query({ entity: 'person', where: { field: 'email', op: 'oneOf', value: [...many, 'x'] } })).status,
    ).toBe(422);
  });

  it('leaves a hostile text a text', async () => {
    for (const value of ["' OR 1=1 --", '"; DROP TABLE person; --', '%', '_', '\\', '🙂', '?', ':name', '$1']) {
      expect(await emails({ field: 'email', op: 'contains', value })).toEqual([]);
      const answer = await query({
        entity: 'submission',
        where: { field: `fields.${value}`, op: 'equals', value },
        columns: [`fields.${value}`],
        sort: [{ field: `fields.${value}` }],
      });
      expect(answer.body.items).toEqual([]);
    }
    expect(await emails(null)).toHaveLength(3);
  });

  const exportAs = async (body: object, headers: Record<string, string> = {}) =>
    test.request('/api/v1/segments/query', {
      method: 'POST',
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  it('exports CSV that no spreadsheet takes for formulas', async () => {
    const response = await exportAs({
      entity: 'person',
      format: 'csv',
      heads: 'labels',
      language: 'no',
      columns: ['email', 'lastName', 'title', 'submissionCount'],
      sort: [{ field: 'email' }],
    });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(Array.from(bytes.slice(0, 3))).toEqual([0xef, 0xbb, 0xbf]);
    expect(new TextDecoder().decode(bytes).split('\r\n')).toEqual([
      'ID,E-post,Etternavn,Tittel,Innsendinger',
      `${await idOf('kari@ost.no')},kari@ost.no,Øst,'=1+1,0`,
      `${await idOf('ola@ost.no')},ola@ost.no,Vest,,0`,
      `${await idOf('per@vest.no')},per@vest.no,,,0`,
      '',
    ]);
  });

  it('streams NDJSON a page at a time', async () => {
    await test.sql(`INSERT INTO touch (person_id, at, origin_id, landing_page_id)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) SELECT 1, i, 1, 0 FROM n`);
    test.roundTrips();
    const response = await exportAs(
      { entity: 'touch', columns: ['at'], where: { field: 'at', op: 'before', value: '1971-01-01' } },
      { accept: 'application/x-ndjson' },
    );
    const lines = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    // Three pages, and the audit log's entry: a file was taken out.
    expect(test.roundTrips()).toBe(4);
    expect(lines).toHaveLength(2_500);
    expect(new Set(lines.map((line) => line.id)).size).toBe(2_500);

    // What is cut short must not look whole.
    const cut = await exportAs({ entity: 'touch', format: 'csv', columns: ['at'] });
    const reader = cut.body!.getReader();
    expect((await reader.read()).done).toBe(false);
    test.breakDatabase(async () => new Response('gone', { status: 502 }));
    const rest = async () => {
      while (!(await reader.read()).done);
    };
    await expect(rest()).rejects.toThrow();
    test.breakDatabase(null);
    await test.sql('DELETE FROM touch WHERE at < 10000');
  });

  const idOf = async (email: string) => (await test.sql('SELECT id FROM person WHERE email = ?', [email]))[0]!['id'];
});

describe('GET /fields', () => {
  it('lists every field with labels, operators and the values of lists, in one round trip', async () => {
    test.roundTrips();
    const { body } = await test.api('GET', '/fields');
    expect(test.roundTrips()).toBe(1);
    const field = (entity: string, name: string) =>
      body.items.find((one: { entity: string; name: string }) => one.entity === entity && one.name === name);
    expect(field('person', 'leadStatus')).toMatchObject({
      type: 'list',
      label: { en: 'Lead status', no: 'Leadstatus' },
    });
    expect(field('person', 'leadStatus').values.map((one: { value: string }) => one.value)).toContain('Qualified');
    expect(field('person', 'createdByForm').values).toContainEqual({
      value: 'contact',
      label: { en: 'Contact', no: 'Contact' },
    });
    expect(field('person', 'firstTouch.source').operators).toContain('startsWith');
    expect(field('deal', 'status').values.map((one: { value: string }) => one.value)).toEqual(['open', 'won', 'lost']);
    expect(new Set(body.items.map((one: { entity: string; name: string }) => `${one.entity}.${one.name}`)).size).toBe(
      body.items.length,
    );
    const { body: deals } = await test.api('GET', '/fields?entity=deal');
    expect(new Set(deals.items.map((one: { entity: string }) => one.entity))).toEqual(new Set(['deal']));
  });
});

describe('filters of the lists', () => {
  const found = async (path: string) => {
    const { status, body } = await test.api('GET', path);
    expect(status, JSON.stringify(body)).toBe(200);
    return body.items.map((one: { email?: string; name?: string }) => one.email ?? one.name).toSorted();
  };

  it('take any field, with an operator or without', async () => {
    expect(await found('/people?firstTouch.source=LINKEDIN')).toEqual(['kari@ost.no']);
    expect(await found('/people?lastName[startsWith]=%C3%B8')).toEqual(['kari@ost.no']);
    expect(await found('/people?leadStatus=Qualified&company.name[contains]=øst&count=true')).toEqual(['ola@ost.no']);
    expect(await found('/people?leadStatus[noneOf]=Qualified,Disqualified')).toEqual(['kari@ost.no', 'per@vest.no']);
    expect(await found('/people?createdAt[between]=2026-08-01,2026-08-02&submissionCount[lt]=1')).toEqual([
      'kari@ost.no',
      'ola@ost.no',
    ]);
    expect(await found('/people?createdAt[previous]=month:1')).toEqual(['kari@ost.no', 'ola@ost.no']);
    expect(await found('/people?lastName[empty]')).toEqual(['per@vest.no']);
    expect(await found('/companies?personCount[gte]=2')).toEqual(['Øst AS']);
    expect(await found('/submissions?createdPerson=true&touch.source[notEmpty]')).toEqual([]);
  });

  it('name the parameter that is wrong', async () => {
    for (const [path, location] of [
      ['/people?nose=1', 'query.nose'],
      ['/people?createdAt[on]=soon', 'query.createdAt[on]'],
      ['/companies?personCount=many', 'query.personCount'],
      ['/companies?country[sounds]=x', 'query.country[sounds]'],
      ['/submissions?createdPerson=perhaps', 'query.createdPerson'],
    ] as const) {
      const { status, body } = await test.api('GET', path);
      expect(status, path).toBe(422);
      expect(body.errors.map((one: { location: string }) => one.location)).toEqual([location]);
    }
  });
});
