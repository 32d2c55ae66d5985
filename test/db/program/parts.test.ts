import { expect } from 'vitest';
import { test } from '../../support/program-database.ts';
import type { ProgramDatabase, Row } from '../../support/program-database.ts';
import { periodsOf } from '../../support/report-numbers.ts';

const inOrder = (rows: Row[]): Row[] => rows.toSorted((a, b) => a['kind'] - b['kind']);
/** Each kind by its key, at month and year, and also by day and over all time where `everyLevel`. */
const atLevels = (
  kinds: Array<{ kind: number; key: number; day: number; everyLevel: boolean; m: number; won: number }>,
): Row[] =>
  kinds.flatMap(({ kind, key, day, everyLevel, m, won }) =>
    periodsOf(day)
      .filter(([level]) => everyLevel || level === 0 || level === 2)
      .map(([level, month]) => ({ kind: kind + 100 * level, month, key, n: 1, m, won })),
  );

const currency = 32_768;
const channel = 2 ** 24;
const binPlace = (bin: number): number => bin + 4096;
/** A path of one group whose channel is known, so that it has a number. */
function givePath(db: ProgramDatabase): { steps: string; pathId: number } {
  const origin = db.origin({ channel: 'Email' });
  const { group_id: group } = db.row('group_of_origin', { origin_id: origin });
  const { channel_id: id } = db.row('origin', { id: origin });
  db.insert('report_path', { path: 'other' });
  return { steps: `[${group * 2 ** 30 + 1e9}]`, pathId: db.insert('report_path', { path: String(id) }) };
}

for (const [dealState, m, won] of [
  [0, 0, 0],
  [1, 1, 0],
  [2, 1, 1],
] as const) {
  test(`adds a lead with the deal state ${dealState} to each kind of total at each level`, (db) => {
    const { steps, pathId } = givePath(db);
    db.insert('lead_fact', {
      person_id: 5,
      created_at: 1,
      day: 20260915,
      first_origin_id: 101,
      lead_origin_id: 102,
      first_group_id: 103,
      lead_group_id: 104,
      first_channel_id: 105,
      lead_channel_id: 106,
      lead_source_id: 107,
      via: 3,
      form_id: 108,
      status_id: 109,
      deal_state: dealState,
      saying_id: 110,
      steps,
      to_lead: 111,
      bin: -112,
    });
    const keys: Array<[kind: number, key: number, everyLevel: boolean]> = [
      [1, 101 * 16 + 3, false],
      [2, 102 * 16 + 3, false],
      [3, 109, true],
      [4, 108 * channel + 106, true],
      [6, (108 * 16 + 3) * channel + 107, true],
      [7, 110 * channel + 105, true],
      [8, pathId, true],
      [9, 105 * 8192 + binPlace(-112), true],
      [11, 103 * 16 + 3, true],
      [12, 104 * 16 + 3, true],
    ];
    const expected = atLevels(
      keys.map(([kind, key, everyLevel]) => ({ kind, key, everyLevel, day: 20260915, m, won })),
    );
    expect(inOrder(db.rows('lead_part'))).toEqual(inOrder(expected).map((row) => ({ person_id: 5, ...row })));
  });
}

const registeredDay = 20260915;
const closedDay = 20261003;
const goneDay = 20271104;
const dealFact: Row = {
  deal_id: 6,
  registered_at: 1,
  registered_day: registeredDay,
  closed_at: 2,
  closed_day: closedDay,
  gone_day: goneDay,
  is_won: 1,
  first_origin_id: 201,
  lead_origin_id: 202,
  first_group_id: 203,
  lead_group_id: 204,
  first_channel_id: 205,
  currency: 77,
  amount_minor: 5_000,
  to_deal: 1,
  deal_bin: 206,
  to_win: 2,
  win_bin: -207,
};

/** What a deal adds: its registration, its close where it is closed, and the end of its being open. */
function dealParts({ pathId, amount, won }: { pathId: number; amount: number; won: number }) {
  const none = { m: 0, won: 0 };
  const all = { m: amount, won: 0 };
  const ofWon = { m: won * amount, won };
  const withCurrency = (id: number): number => id * currency + 77;
  const registered = { day: registeredDay };
  const closed = { day: closedDay };
  const gone = { day: goneDay };
  return {
    registered: [
      { kind: 20, key: withCurrency(202), everyLevel: false, ...registered, ...all },
      { kind: 21, key: withCurrency(201), everyLevel: false, ...registered, ...all },
      { kind: 22, key: pathId, everyLevel: true, ...registered, ...none },
      { kind: 23, key: 205 * 8192 + binPlace(206), everyLevel: true, ...registered, ...none },
      { kind: 30, key: withCurrency(204), everyLevel: true, ...registered, ...all },
      { kind: 31, key: withCurrency(203), everyLevel: true, ...registered, ...all },
    ],
    closed: [
      { kind: 24, key: withCurrency(202), everyLevel: false, ...closed, ...ofWon },
      { kind: 25, key: withCurrency(201), everyLevel: false, ...closed, ...ofWon },
      { kind: 26, key: withCurrency(pathId), everyLevel: true, ...closed, ...ofWon },
      { kind: 34, key: withCurrency(204), everyLevel: true, ...closed, ...ofWon },
      { kind: 35, key: withCurrency(203), everyLevel: true, ...closed, ...ofWon },
    ],
    daysToWin: [{ kind: 27, key: 205 * 8192 + binPlace(-207), everyLevel: true, ...closed, ...none }],
    gone: [
      { kind: 28, key: withCurrency(202), everyLevel: false, ...gone, ...all },
      { kind: 29, key: withCurrency(201), everyLevel: false, ...gone, ...all },
      { kind: 38, key: withCurrency(204), everyLevel: true, ...gone, ...all },
      { kind: 39, key: withCurrency(203), everyLevel: true, ...gone, ...all },
    ],
  };
}
const dealPartsOf = (db: ProgramDatabase) => inOrder(db.rows('deal_part'));
const ofDeal = (rows: Row[]) => inOrder(rows).map((row) => ({ deal_id: 6, ...row }));

test('adds a won deal to each kind of total at each level, by the moments of its kinds', (db) => {
  const { steps, pathId } = givePath(db);
  db.insert('deal_fact', { ...dealFact, registered_steps: steps, closed_steps: steps });
  const { registered, closed, daysToWin, gone } = dealParts({ pathId, amount: 5_000, won: 1 });
  expect(dealPartsOf(db)).toEqual(ofDeal(atLevels([...registered, ...closed, ...daysToWin, ...gone])));
});

test('adds a lost deal without an amount won, and without days to win', (db) => {
  const { steps, pathId } = givePath(db);
  const lost = { is_won: 0, to_win: null, win_bin: null };
  db.insert('deal_fact', { ...dealFact, ...lost, registered_steps: steps, closed_steps: steps });
  const { registered, closed, gone } = dealParts({ pathId, amount: 5_000, won: 0 });
  expect(dealPartsOf(db)).toEqual(ofDeal(atLevels([...registered, ...closed, ...gone])));
});

test('adds an open deal by its registration alone', (db) => {
  const { steps, pathId } = givePath(db);
  const open = { is_won: 0, closed_at: null, closed_day: null, gone_day: null, to_win: null, win_bin: null };
  db.insert('deal_fact', { ...dealFact, ...open, registered_steps: steps, closed_steps: null });
  const { registered } = dealParts({ pathId, amount: 5_000, won: 0 });
  expect(dealPartsOf(db)).toEqual(ofDeal(atLevels(registered)));
});

test('adds the paths up to registration and up to the close each to its own', (db) => {
  const { steps, pathId } = givePath(db);
  db.insert('deal_fact', { ...dealFact, registered_steps: steps, closed_steps: '[1000000000]' });
  expect(db.row('deal_part', { kind: 22 })['key']).toBe(pathId);
  expect(db.row('deal_part', { kind: 26 })['key']).toBe(77);
});

test('adds no days to a deal of which no first touch is known', (db) => {
  const { steps } = givePath(db);
  db.insert('deal_fact', { ...dealFact, to_deal: null, deal_bin: null, registered_steps: steps, closed_steps: steps });
  expect(db.rows('deal_part').filter(({ kind }) => kind % 100 === 23)).toEqual([]);
});
