import { expect } from 'vitest';
import { dayMs, test } from '../../support/program-database.ts';
import type { ProgramDatabase, Row } from '../../support/program-database.ts';
import { creditUnits, periodsOf, stepsOf } from '../../support/report-numbers.ts';

const day = 20260915;
const models = ['last_touch', 'linear', 'position_based', 'time_decay'] as const;
type Model = (typeof models)[number];

/** A lead's facts; of a deal likewise. Numbers that a view does not read are 9. */
const leadFact: Row = {
  person_id: 1,
  created_at: 9,
  day,
  first_origin_id: 9,
  lead_origin_id: 9,
  first_group_id: 9,
  lead_group_id: 9,
  first_channel_id: 9,
  lead_channel_id: 9,
  lead_source_id: 9,
  via: 9,
  form_id: 9,
  status_id: 9,
  deal_state: 0,
  saying_id: 9,
  to_lead: 9,
  bin: 9,
};
const dealFact: Row = {
  deal_id: 1,
  registered_at: 9,
  registered_day: day,
  is_won: 1,
  first_origin_id: 9,
  lead_origin_id: 9,
  first_group_id: 9,
  lead_group_id: 9,
  first_channel_id: 9,
  currency: 77,
  amount_minor: 100_001,
  closed_at: 9,
  closed_day: 20261003,
  gone_day: 9,
};
const currencyPlace = 32_768;

/** The share of the whole that touch `n` of `count` and those before it have, but for time decay. */
const upTo: Record<Exclude<Model, 'time_decay'>, (n: number, count: number) => number> = {
  last_touch: (n, count) => (n === count ? 1 : 0),
  linear: (n, count) => n / count,
  position_based: (n, count) =>
    n === 0 ? 0 : n === count ? 1 : count === 2 ? 0.5 : 0.4 + (0.2 * (n - 1)) / (count - 2),
};
/** The whole parts of an amount that each touch gets. `decayed` are the shares of time decay, up to each touch. */
function partsOf(model: Model, amount: number, decayed: number[]): number[] {
  const share = (n: number) => {
    if (model === 'time_decay') return n === 0 ? 0 : decayed[n - 1]!;
    return upTo[model](n, decayed.length);
  };
  return decayed.map((_, place) => Math.round(amount * share(place + 1)) - Math.round(amount * share(place)));
}

/** Journeys of one to five touches, each a group and a moment. */
const journeys: Array<Array<[group: number, at: number]>> = [
  [[11, 0]],
  [
    [11, 0],
    [12, 3 * dayMs],
  ],
  [
    [11, 0],
    [12, 9 * dayMs],
    [13, 11 * dayMs],
  ],
  [
    [11, 0],
    [12, 1 * dayMs],
    [11, 2 * dayMs],
    [14, 30 * dayMs],
  ],
  [
    [11, 0],
    [12, 5 * dayMs],
    [13, 6 * dayMs],
    [14, 7 * dayMs],
    [15, 8 * dayMs],
  ],
];
const decayedOf = (steps: string): number[] =>
  (JSON.parse(steps) as number[]).map((step) => (step % 2 ** 30) / creditUnits);

/** The rows of a share view in order of their journey: the journeys of these tests are stored in it. */
const shares = (db: ProgramDatabase, view: string): Row[] => db.rows(view);
const sumOf = (rows: Row[], column: string): number => rows.reduce((sum, row) => sum + row[column], 0);

for (const [place, journey] of journeys.entries()) {
  const count = place + 1;
  const steps = stepsOf(journey);
  const decayed = decayedOf(steps);

  for (const [state, hasDeal, isWon] of [
    [0, 0, 0],
    [1, 1, 0],
    [2, 1, 1],
  ] as const) {
    test(`shares a lead with the deal state ${state} among ${count} touches, by each model`, (db) => {
      db.insert('lead_fact', { ...leadFact, deal_state: state, steps });
      const rows = shares(db, 'lead_share');
      expect(rows).toEqual(
        journey.map(([group], touch) => ({
          person_id: 1,
          kind: 1,
          day,
          key: group,
          ...Object.fromEntries(
            models.flatMap((model) => {
              const units = partsOf(model, creditUnits, decayed)[touch]!;
              return [
                [model, units],
                [`${model}_m`, hasDeal * units],
                [`${model}_won`, isWon * units],
              ];
            }),
          ),
        })),
      );
      for (const model of models) expect(sumOf(rows, model)).toBe(creditUnits);
    });
  }

  for (const is_won of [0, 1]) {
    test(`shares a deal that is ${is_won ? 'won' : 'lost'} among ${count} touches, and its amount to the unit`, (db) => {
      const registered = stepsOf([[21, 0]]);
      db.insert('deal_fact', { ...dealFact, is_won, registered_steps: registered, closed_steps: steps });
      const closedRows = shares(db, 'deal_share').filter(({ kind }) => kind === 3);
      expect(closedRows).toEqual(
        journey.map(([group], touch) => ({
          deal_id: 1,
          kind: 3,
          day: 20261003,
          key: group * currencyPlace + 77,
          ...Object.fromEntries(
            models.flatMap((model) => {
              const units = partsOf(model, creditUnits, decayed)[touch]!;
              return [
                [model, units],
                [`${model}_m`, partsOf(model, is_won * 100_001, decayed)[touch]! + 0],
                [`${model}_won`, is_won * units],
              ];
            }),
          ),
        })),
      );
      for (const model of models) {
        expect(sumOf(closedRows, model)).toBe(creditUnits);
        expect(sumOf(closedRows, `${model}_m`)).toBe(is_won * 100_001);
      }
    });

    test(`shares a deal that is ${is_won ? 'won' : 'lost'} by its registration, without its amount (${count})`, (db) => {
      const closed = stepsOf([[21, 0]]);
      db.insert('deal_fact', { ...dealFact, is_won, registered_steps: steps, closed_steps: closed });
      const rows = shares(db, 'deal_share').filter(({ kind }) => kind === 2);
      expect(rows).toEqual(
        journey.map(([group], touch) => ({
          deal_id: 1,
          kind: 2,
          day,
          key: group * currencyPlace + 77,
          ...Object.fromEntries(
            models.flatMap((model) => [
              [model, partsOf(model, creditUnits, decayed)[touch]!],
              [`${model}_m`, 0],
              [`${model}_won`, 0],
            ]),
          ),
        })),
      );
    });
  }
}

test('shares amounts of many sizes to the last unit', (db) => {
  const steps = stepsOf(journeys[3]!);
  for (const [place, amount] of [0, 1, 2, 3, 7, 99, 1_000_003, 2 ** 40 + 1].entries()) {
    db.insert('deal_fact', {
      ...dealFact,
      deal_id: place + 1,
      amount_minor: amount,
      registered_steps: '[1]',
      closed_steps: steps,
    });
    const rows = db.rows('deal_share', { deal_id: place + 1, kind: 3 });
    expect(rows).toHaveLength(4);
    for (const model of models) {
      expect(sumOf(rows, `${model}_m`)).toBe(amount);
      expect(rows.map((row) => row[`${model}_m`])).toEqual(partsOf(model, amount, decayedOf(steps)));
    }
  }
});

test('has no share by the close of a deal that is open', (db) => {
  db.insert('deal_fact', {
    ...dealFact,
    is_won: 0,
    closed_at: null,
    closed_day: null,
    registered_steps: stepsOf([[11, 0]]),
    closed_steps: null,
  });
  expect(shares(db, 'deal_share').map(({ kind }) => kind)).toEqual([2]);
});

for (const [view, share, id] of [
  ['lead_credit', 'lead_share', 'person_id'],
  ['deal_credit', 'deal_share', 'deal_id'],
] as const) {
  test(`has each share of ${share} by month, day, year and over all time`, (db) => {
    const [first, second] = [stepsOf(journeys[2]!), stepsOf(journeys[1]!)];
    db.insert('lead_fact', { ...leadFact, deal_state: 2, steps: first });
    db.insert('lead_fact', { ...leadFact, person_id: 2, day: 20251231, steps: second });
    db.insert('deal_fact', { ...dealFact, registered_steps: first, closed_steps: second });
    db.insert('deal_fact', { ...dealFact, deal_id: 2, registered_steps: second, closed_steps: first });
    const expected = db
      .rows(share)
      .flatMap(({ kind, day: shareDay, ...row }) =>
        periodsOf(shareDay).map(([level, month]) => ({ ...row, kind: kind + 100 * level, month })),
      );
    const inOrder = (rows: Row[]) =>
      rows
        .map((row) => JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1))))
        .toSorted((a, b) => (a < b ? -1 : 1));
    expect(expected.length).toBeGreaterThan(16);
    expect(expected[0]).toHaveProperty(id);
    expect(inOrder(db.rows(view))).toEqual(inOrder(expected));
  });
}
