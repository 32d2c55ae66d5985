import { beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../../src/api.ts';
import type { ListInfo } from '../../src/domain/lists/list-info.ts';
import { companyList } from '../../src/services/people/manage-companies.ts';
import { dealList } from '../../src/services/deals/read-deals.ts';
import { peopleList } from '../../src/services/people/read-people.ts';
import { submissionList } from '../../src/services/capture/read-submissions.ts';
import { dayOf, holds, operandsOf, orderOf, textOf } from '../support/evaluate-list.ts';
import type { FlatRow } from '../support/evaluate-list.ts';
import { fillLists } from '../support/list-world.ts';
import { adminKey, createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

/** Every list of the API by its path, with the records that stand in it. */
let kilde: TestApp;
let ids: Record<string, string>;
const timeZone = 'Europe/Oslo';

beforeAll(async () => {
  kilde = await createTestApp();
  ids = await fillLists(kilde);
});

type Asked = { path: string; list: ListInfo };

/** Of people, companies and their like: fields of points and of other records have tests of their own (test/db/segments). */
const tried = new Set([
  'firstTouch.source',
  'leadCreation.at',
  'companySource.firstTouch.medium',
  'company.name',
  'person.email',
  'touch.campaign',
  'change.field',
  'changes.touches',
  'movedPoints.firstTouch',
  'removedPerson.email',
  'origin.source',
  'origin.channel',
  'target.kind',
  'name.en',
  'description.no',
]);
const fieldsOf = ({ list }: Asked) =>
  list.fields.filter(({ name, isConditionOnly }) => !isConditionOnly && (!name.includes('.') || tried.has(name)));
/** Put in order by their place in the settings. */
const byPosition = new Set(['leadStatus', 'category', 'categoryGroup', 'stage']);

const pathOf = ({ path }: Asked): string => path.replace(/ .*/, '').replace(/:(\w+)/, () => ids[path]!);
const get = async (path: string) => kilde.api('GET', path);
const file = async (path: string): Promise<string> =>
  (await kilde.request(`/api/v1${path}`, { headers: { authorization: `Bearer ${adminKey}` } })).text();
const today = (zone: string) => dayOf(kilde.deps.clock(), zone);
const now = () => ({ at: kilde.deps.clock(), timeZone });
const idsOf = (rows: Array<{ id?: unknown }>): string[] => rows.map((row) => String(row.id));

/** All rows of a list, those that it leaves out unless asked for among them. */
async function readAll(asked: Asked): Promise<FlatRow[]> {
  const columns = fieldsOf(asked)
    .map(({ name }) => name)
    .join(',');
  const rows = new Map<string, FlatRow>();
  const hidden = (asked.list.defaults ?? []).map(({ condition: { field } }) =>
    asked.list.findField(field)!.type === 'boolean' ? `${field}[notEquals]=false` : `${field}[notEmpty]`,
  );
  for (const filter of ['', ...hidden]) {
    const { status, body } = await get(`${pathOf(asked)}?limit=1000&columns=${columns}&${filter}`);
    expect({ path: asked.path, status, detail: body.detail }).toEqual({ path: asked.path, status: 200 });
    expect(body.nextCursor).toBeNull();
    for (const row of body.items) rows.set(row.id, row);
  }
  return [...rows.values()];
}

/** What a list shows where nothing else is asked for, or where one field is filtered. */
const isShown = (row: FlatRow, { list }: Asked, filtered: string | null): boolean =>
  (list.defaults ?? []).every(
    ({ unless, condition: { field, op, value } }) =>
      (filtered !== null && unless.includes(field) && unless.includes(filtered)) ||
      holds(row, { field: list.findField(field)!, op, operand: textOf(value), now: now() }),
  );

/** The paths are known before the world is there. */
const lists: Asked[] = createApi({} as TestApp['deps']).operations.flatMap(({ path, list, listByRecord }) =>
  list === undefined
    ? []
    : listByRecord
      ? [peopleList, companyList, dealList, submissionList].map((one) => ({
          path: `${path} of ${one.name}`,
          list: one,
        }))
      : [{ path, list }],
);

describe.each(lists)('GET $path', (asked) => {
  const { list } = asked;
  let rows: FlatRow[];
  const read = async (query: string) => {
    const answer = await get(`${pathOf(asked)}?limit=1000&${query}`);
    expect({ query, status: answer.status, detail: answer.body.detail }).toEqual({ query, status: 200 });
    return answer.body as { items: FlatRow[]; nextCursor: string | null; count?: number };
  };

  beforeAll(async () => {
    rows = await readAll(asked);
  });

  it('has records in this test', () => {
    expect(rows.length, 'add some to test/support/list-world.ts').toBeGreaterThan(2);
  });

  it('is filtered by every field and operator, with the count', async () => {
    for (const field of fieldsOf(asked).filter(({ filterable }) => filterable)) {
      for (const op of field.operators) {
        for (const operand of operandsOf(rows, field, op, timeZone)) {
          const expected = rows.filter(
            (row) => isShown(row, asked, field.name) && holds(row, { field, op, operand, now: now() }),
          );
          const query = `${field.name}[${op}]=${encodeURIComponent(operand)}`;
          const found = await read(`columns=id&count=true&${query}`);
          expect({ query, ids: idsOf(found.items).toSorted() }).toEqual({ query, ids: idsOf(expected).toSorted() });
          expect({ query, count: found.count }).toEqual({ query, count: expected.length });
        }
      }
    }
  });

  it('is sorted by every field, and pages in that order', async () => {
    const shown = rows.filter((row) => isShown(row, asked, null));
    for (const field of fieldsOf(asked).filter(({ sortable }) => sortable)) {
      for (const sign of ['', '-']) {
        const sort = `sort=${sign}${field.name}`;
        const whole = (await read(`columns=id&${sort}`)).items;
        expect({ sort, ids: idsOf(whole).toSorted() }).toEqual({ sort, ids: idsOf(shown).toSorted() });
        const places = whole.map(({ id }) =>
          orderOf(
            shown.find((row) => row['id'] === id)!,
            field,
          ),
        );
        for (const [index, place] of places.entries()) {
          const before = places[index - 1];
          if (index === 0 || before === undefined || byPosition.has(field.name)) continue;
          if (before === null) expect({ sort, place }).toEqual({ sort, place: null });
          else if (place !== null)
            expect({ sort, before, place, isInOrder: sign === '' ? before <= place : before >= place }).toMatchObject({
              isInOrder: true,
            });
        }
        const paged: string[] = [];
        let cursor: string | null = '';
        do {
          const page: { items: FlatRow[]; nextCursor: string | null } = (
            await get(`${pathOf(asked)}?limit=2&columns=id&${sort}&cursor=${cursor}`)
          ).body;
          paged.push(...idsOf(page.items));
          cursor = page.nextCursor;
        } while (cursor !== null);
        expect({ sort, ids: paged }).toEqual({ sort, ids: idsOf(whole) });
      }
    }
  });

  it('gives the same records as JSON, CSV and NDJSON', async () => {
    const columns = fieldsOf(asked).map(({ name }) => name);
    // Every export is a record of the audit log: what it must equal is read just before.
    const readItems = async () => (await read(`columns=${columns.join(',')}`)).items;
    const items = await readItems();
    const heads = [...new Set(['id', ...columns])];
    const csv = await file(`${pathOf(asked)}?format=csv`);
    const lines = csv.replace('\uFEFF', '').split('\r\n');
    expect(lines[0]).toBe([...new Set(['id', ...list.columns])].join(','));
    const labelled = await file(`${pathOf(asked)}?format=csv&heads=labels&language=no&columns=${columns.join(',')}`);
    expect(labelled.replace('\uFEFF', '').split('\r\n')[0]).toBe(
      heads.map((name) => list.findField(name)!.label.no).join(','),
    );
    const linesOf = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    const before = await readItems();
    expect(linesOf(await file(`${pathOf(asked)}?format=ndjson&columns=${columns.join(',')}`))).toEqual(before);
    const records = (await read('')).items;
    expect(linesOf(await file(`${pathOf(asked)}?format=ndjson`))).toEqual(records);
    expect(idsOf(records).slice(-items.length)).toEqual(idsOf(items));
    expect(csv.split('\r\n').length).toBeGreaterThan(items.length);
  });

  it.each(list.moment === null ? [] : [list.moment])('has both date bounds of %s, each by itself too', async (name) => {
    const moment = list.findField(name)!;
    const shown = (await readAll(asked)).filter((row) => isShown(row, asked, null));
    for (const zone of ['Europe/Oslo', 'Pacific/Kiritimati', 'America/New_York']) {
      const dayIn = (row: FlatRow) => {
        const value = row[moment.name] ?? null;
        return value === null ? null : moment.isDay ? textOf(value) : dayOf(textOf(value), zone);
      };
      const days = shown
        .map(dayIn)
        .filter((day) => day !== null)
        .toSorted();
      const day = days[Math.floor(days.length / 2)]!;
      for (const [query, isIn] of [
        [`from=${day}`, (one: string) => one >= day],
        [`to=${day}`, (one: string) => one <= day],
        [`from=${day}&to=${day}`, (one: string) => one === day],
        ['period=thisMonth', (one: string) => one.slice(0, 7) === today(zone).slice(0, 7)],
        ['period=previousYear', (one: string) => Number(one.slice(0, 4)) === Number(today(zone).slice(0, 4)) - 1],
        ['period=today', (one: string) => one === today(zone)],
        ['period=all', () => true],
      ] as const) {
        const expected = shown.filter((row) => query === 'period=all' || (dayIn(row) !== null && isIn(dayIn(row)!)));
        const found = await read(`columns=id&count=true&timeZone=${zone}&${query}`);
        expect({ zone, query, ids: idsOf(found.items).toSorted() }).toEqual({
          zone,
          query,
          ids: idsOf(expected).toSorted(),
        });
        expect(found.count).toBe(expected.length);
      }
    }
    for (const bound of ['from', 'to']) {
      const refused = await get(`${pathOf(asked)}?period=thisYear&${bound}=2026-01-01`);
      expect([refused.status, refused.body.errors[0].location]).toEqual([422, 'query.period']);
    }
    const unknown = await get(`${pathOf(asked)}?period=thisYeer`);
    expect(unknown.body.errors[0]).toMatchObject({
      location: 'query.period',
      known: expect.arrayContaining(['thisYear']),
    });
  });

  it('refuses names that it does not have, and a cursor of another list or order', async () => {
    const unknown = await get(`${pathOf(asked)}?idd=1&sort=-nmae&columns=nothing&name[likes]=x`);
    expect(unknown.status).toBe(422);
    const [first] = unknown.body.errors;
    expect(first.location).toBe('query.idd');
    expect(first.known[0]).toBe('id');
    expect(first.message).toContain("Unknown parameter 'idd'");
    expect(unknown.body.errors.map((one: { location: string }) => one.location)).toEqual(
      expect.arrayContaining(['query.sort', 'query.columns', 'query.name[likes]']),
    );
    const other = lists.find((one) => one.path !== asked.path && !one.path.includes(':'));
    const { nextCursor } = (await get(`${other!.path}?limit=1`)).body;
    expect((await get(`${pathOf(asked)}?cursor=${nextCursor}`)).body.errors).toMatchObject([
      { location: 'query.cursor' },
    ]);
    const own = (await get(`${pathOf(asked)}?limit=1&sort=-id`)).body.nextCursor;
    expect((await get(`${pathOf(asked)}?sort=id&cursor=${own}`)).body.errors).toMatchObject([
      { location: 'query.cursor' },
    ]);
  });

  it('is one request to the database', async () => {
    await read('count=true');
    kilde.roundTrips();
    await read(`count=true${list.moment === null ? '' : '&from=2026-01-01'}`);
    // The members of selections are counted by a second: what they are made of is known after the first, or after another.
    expect(kilde.roundTrips()).toBeLessThanOrEqual(asked.path === '/selections' ? 3 : 1);
  });
});

describe('a field that has the name of a parameter', () => {
  it.each([
    ['/forms?language=no', 'query.language', 'language[equals]'],
    ['/sites?timeZone=Europe/Oslo', 'query.timeZone', 'timeZone[equals]'],
    ['/bulk-updates?count=3', 'query.count', 'count[eq]'],
  ])('is refused without its operator: %s', async (path, location, filter) => {
    const { status, body } = await get(path);
    expect([status, body.errors[0].location]).toEqual([422, location]);
    expect(body.errors[0].message).toContain(filter);
    const [name = '', value = ''] = path.split('?')[1]!.split('=');
    expect((await get(path.replace(`${name}=${value}`, `${filter}=${value}`))).status).toBe(200);
  });

  it('is taken as the parameter where that changes something', async () => {
    expect(await file('/forms?format=csv&heads=labels&language=no')).toContain('ID,Navn');
    for (const path of ['/sites?timeZone=Europe/Oslo&from=2026-01-01', '/bulk-updates?count=true'])
      expect([path, (await get(path)).status]).toEqual([path, 200]);
  });
});
