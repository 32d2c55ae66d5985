import { expect } from 'vitest';
import { at, dayMs, test } from '../../support/program-database.ts';
import type { ProgramDatabase, Row } from '../../support/program-database.ts';
import { binOf, creditUnits, dayOf, stepsOf, weekMs } from '../../support/report-numbers.ts';

const groupOf = (db: ProgramDatabase, originId: number): number =>
  db.row('group_of_origin', { origin_id: originId })['group_id'];
const channelOf = (db: ProgramDatabase, originId: number): number => db.row('origin', { id: originId })['channel_id'];
/** Two origins of which something is known, and a direct one. */
function world(db: ProgramDatabase) {
  db.insert('origin_value', { field: 'channel', canonical: 'Unused' });
  const direct = db.origin({ channel: 'Direct' });
  const [google, linkedin] = [
    db.origin({ channel: 'Paid Search', source_id: 101 }),
    db.origin({ channel: 'Paid Social', source_id: 102 }),
  ];
  const group = { direct: groupOf(db, direct), google: groupOf(db, google), linkedin: groupOf(db, linkedin) };
  return { direct, google, linkedin, group };
}
const stepsOfLead = (db: ProgramDatabase, id: number): string => db.row('lead_now', { person_id: id })['steps'];

test('works out all that reports ask of a lead', (db) => {
  const { google, linkedin, group } = world(db);
  db.insert('person', { email: 'other@firma.no' });
  const id = db.insert('person', {
    created_at: at,
    created_via: 'chat',
    created_form_id: 7,
    lead_status_id: 3,
    deal_state: 2,
    creation_id: 'creation',
    first_touch_origin_id: google,
    first_touch_at: at - 3 * dayMs,
    lead_creation_origin_id: linkedin,
  });
  db.insert('submission', { id: 'creation', self_reported: '  A friend ' });
  db.insert('submission', { id: 'other', self_reported: 'A podcast', person_id: id });
  db.insert('touch', { person_id: id, at, origin_id: linkedin });
  const said = db.insert('saying', { text: 'A friend' });
  const facts = {
    person_id: id,
    created_at: at,
    day: dayOf(at),
    first_origin_id: google,
    lead_origin_id: linkedin,
    first_group_id: group.google,
    lead_group_id: group.linkedin,
    first_channel_id: channelOf(db, google),
    lead_channel_id: channelOf(db, linkedin),
    lead_source_id: 102,
    via: 3,
    form_id: 7,
    status_id: 3,
    deal_state: 2,
    steps: stepsOf([[group.linkedin, at]]),
    to_lead: 3 * dayMs,
    bin: binOf(3 * dayMs),
  };
  expect(db.row('lead_now', { person_id: id })).toEqual({ ...facts, said: 'A friend' });
  expect(db.row('lead_made', { person_id: id })).toEqual({ ...facts, saying_id: said });
});

test('has 0 for all that is not known of a lead', (db) => {
  world(db);
  const id = db.insert('person', { created_at: at, first_touch_at: at });
  db.insert('saying', { text: 'A friend' });
  const facts = {
    first_group_id: 0,
    lead_group_id: 0,
    first_channel_id: 0,
    lead_channel_id: 0,
    lead_source_id: 0,
    form_id: 0,
    status_id: 0,
    deal_state: 0,
    steps: `[${creditUnits}]`,
    to_lead: 0,
    bin: 0,
  };
  expect(db.row('lead_now', { person_id: id })).toMatchObject({ ...facts, said: null });
  expect(db.row('lead_made', { person_id: id })).toMatchObject({ ...facts, saying_id: 0 });
});

test('takes an answer of blanks for none', (db) => {
  const id = db.insert('person', { creation_id: 'creation' });
  db.insert('submission', { id: 'creation', self_reported: '   ' });
  expect(db.row('lead_now', { person_id: id })['said']).toBeNull();
});

test('has the answer’s number only where the answer is the same', (db) => {
  const id = db.insert('person', { creation_id: 'creation' });
  db.insert('submission', { id: 'creation', self_reported: 'A friend' });
  db.insert('saying', { text: 'A podcast' });
  expect(db.row('lead_made', { person_id: id })['saying_id']).toBe(0);
});

test('numbers the ways in which leads are created', (db) => {
  const ways = ['form', 'api', 'import', 'chat', 'phone', 'event', 'manual', 'other', 'unheard of'];
  const ids = ways.map((created_via) => db.insert('person', { created_via, email: `${created_via}@firma.no` }));
  expect(ids.map((person_id) => db.row('lead_now', { person_id })['via'])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 7]);
});

test('has the UTC day of a lead, also before 1970 and at midnight', (db) => {
  for (const [moment, day] of [
    ['2026-08-31T23:59:59.999Z', 20260831],
    ['2026-09-01T00:00:00.000Z', 20260901],
    ['1969-12-31T23:59:59.999Z', 19691231],
  ] as const) {
    const id = db.insert('person', { created_at: Date.parse(moment), email: moment });
    expect(db.row('lead_now', { person_id: id })['day']).toBe(day);
  }
});

const intervals = [
  1,
  0x1f,
  0x20,
  0x3f,
  0x40,
  0x7f,
  0x80,
  0xff,
  0x100,
  0x1234,
  0x2abc,
  0x4def,
  0x8123,
  0xfffff,
  3 * dayMs,
];
test('puts the time from first touch to lead into bins that grow with it', (db) => {
  const bins = [...intervals, -1, -5 * dayMs].map((interval) => {
    const id = db.insert('person', { created_at: at, first_touch_at: at - interval, email: String(interval) });
    const { to_lead: toLead, bin } = db.row('lead_now', { person_id: id });
    expect(toLead).toBe(interval);
    expect(bin).toBe(binOf(interval));
    return bin as number;
  });
  const positive = bins.slice(0, intervals.length);
  expect(positive.toSorted((a, b) => a - b)).toEqual(positive);
});

test('has a lead’s touches in order, with half as much credit for each week of age', (db) => {
  const { google, linkedin, group } = world(db);
  const id = db.insert('person', { created_at: at });
  const other = db.insert('person', { email: 'other@firma.no' });
  db.insert('touch', { person_id: other, at: at - 1, origin_id: google });
  const touches: Array<[number, number]> = [
    [linkedin, at - 2 * dayMs],
    [google, at - 3 * weekMs],
    [google, at - weekMs - 5],
    [linkedin, at - 30 * dayMs],
    [google, at],
  ];
  for (const [origin_id, moment] of touches) db.insert('touch', { person_id: id, at: moment, origin_id });
  expect(stepsOfLead(db, id)).toBe(
    stepsOf([
      [group.linkedin, at - 30 * dayMs],
      [group.google, at - 3 * weekMs],
      [group.google, at - weekMs - 5],
      [group.linkedin, at - 2 * dayMs],
      [group.google, at],
    ]),
  );
});

test('orders touches of one moment as they were stored', (db) => {
  const { google, linkedin, group } = world(db);
  const id = db.insert('person', { created_at: at });
  db.insert('touch', { person_id: id, at, origin_id: linkedin });
  db.insert('touch', { person_id: id, at, origin_id: google });
  expect(stepsOfLead(db, id)).toBe(
    stepsOf([
      [group.linkedin, at],
      [group.google, at],
    ]),
  );
  const ola = db.insert('person', { created_at: at, email: 'ola@firma.no' });
  db.insert('touch', { person_id: ola, at, origin_id: google });
  db.insert('touch', { person_id: ola, at, origin_id: linkedin });
  expect(stepsOfLead(db, ola)).toBe(
    stepsOf([
      [group.google, at],
      [group.linkedin, at],
    ]),
  );
});

test('leaves direct touches out of a journey unless it has no others', (db) => {
  const { direct, google, group } = world(db);
  const id = db.insert('person', { created_at: at });
  db.insert('touch', { person_id: id, at: at - 2, origin_id: direct });
  db.insert('touch', { person_id: id, at: at - 1, origin_id: direct });
  expect(stepsOfLead(db, id)).toBe(
    stepsOf([
      [group.direct, at - 2],
      [group.direct, at - 1],
    ]),
  );
  db.insert('touch', { person_id: id, at: at - weekMs, origin_id: google });
  expect(stepsOfLead(db, id)).toBe(stepsOf([[group.google, at - weekMs]]));
});

test('takes the touches within the look-back window before a lead, and no later ones', (db) => {
  const { google, group } = world(db);
  const id = db.insert('person', { created_at: at });
  const days = 30;
  for (const moment of [at - days * dayMs - 1, at - days * dayMs, at, at + 1]) {
    db.insert('touch', { person_id: id, at: moment, origin_id: google });
  }
  db.update('report_state', 1, { look_back_days: days });
  expect(stepsOfLead(db, id)).toBe(
    stepsOf([
      [group.google, at - days * dayMs],
      [group.google, at],
    ]),
  );
});

test('gives a touch of more than a year before the last one next to nothing', (db) => {
  const { google, linkedin, group } = world(db);
  const id = db.insert('person', { created_at: at });
  db.update('report_state', 1, { look_back_days: 1_000 });
  for (const [origin_id, weeks] of [
    [linkedin, 70.5],
    [google, 12.25],
    [linkedin, 0],
  ] as const)
    db.insert('touch', { person_id: id, at: at - weeks * weekMs, origin_id });
  expect(stepsOfLead(db, id)).toBe(
    stepsOf([
      [group.linkedin, at - 70.5 * weekMs],
      [group.google, at - 12.25 * weekMs],
      [group.linkedin, at],
    ]),
  );
});

const registered = at;
const closed = at + 20 * dayMs;
const deal = { registered_at: registered, currency: 'NOK', amount_minor: 5_000 };
const codeOf = (currency: string): number =>
  Array.from(currency).reduce((code, letter) => code * 26 + letter.charCodeAt(0) - 65, 0);

test('works out all that reports ask of a won deal', (db) => {
  const { google, linkedin, group } = world(db);
  db.insert('company');
  const company = db.insert('company', { first_touch_at: at - 1, first_touch_origin_id: linkedin });
  db.insert('person', { email: 'other@firma.no', first_touch_at: at - 2 });
  const person = db.insert('person', {
    first_touch_at: registered - 9 * dayMs,
    first_touch_origin_id: google,
    lead_creation_origin_id: linkedin,
  });
  db.insert('touch', { person_id: person, at: registered - 9 * dayMs, origin_id: google });
  db.insert('touch', { person_id: person, at: registered + dayMs, origin_id: linkedin });
  db.insert('deal');
  const id = db.insert('deal', { ...deal, person_id: person, company_id: company, status: 'won', closed_at: closed });
  const facts = {
    deal_id: id,
    registered_at: registered,
    registered_day: dayOf(registered),
    closed_at: closed,
    closed_day: dayOf(closed),
    gone_day: dayOf(closed),
    is_won: 1,
    first_origin_id: google,
    lead_origin_id: linkedin,
    first_group_id: group.google,
    lead_group_id: group.linkedin,
    first_channel_id: channelOf(db, google),
    currency: codeOf('NOK'),
    amount_minor: 5_000,
    registered_steps: stepsOf([[group.google, registered - 9 * dayMs]]),
    closed_steps: stepsOf([
      [group.google, registered - 9 * dayMs],
      [group.linkedin, registered + dayMs],
    ]),
    to_deal: 9 * dayMs,
    deal_bin: binOf(9 * dayMs),
    to_win: 29 * dayMs,
    win_bin: binOf(29 * dayMs),
  };
  expect(db.row('deal_now', { deal_id: id })).toEqual(facts);
  expect(db.row('deal_made', { deal_id: id })).toEqual(facts);
});

test('has nothing of the close of an open deal, and 0 for what is not known', (db) => {
  world(db);
  db.insert('company', { first_touch_at: at - 1 });
  const id = db.insert('deal', deal);
  expect(db.row('deal_now', { deal_id: id })).toEqual({
    deal_id: id,
    registered_at: registered,
    registered_day: dayOf(registered),
    closed_at: null,
    closed_day: null,
    gone_day: null,
    is_won: 0,
    first_origin_id: 0,
    lead_origin_id: 0,
    first_group_id: 0,
    lead_group_id: 0,
    first_channel_id: 0,
    currency: codeOf('NOK'),
    amount_minor: 5_000,
    registered_steps: `[${creditUnits}]`,
    closed_steps: null,
    to_deal: null,
    deal_bin: null,
    to_win: null,
    win_bin: null,
  });
});

test('takes a deal for won only where it is closed, and only where it is not lost', (db) => {
  const wonOf = (values: Row) => {
    const person_id = db.rows('person')[0]?.['id'] ?? db.insert('person', { first_touch_at: at - dayMs });
    const { is_won, to_win, to_deal } = db.row('deal_now', {
      deal_id: db.insert('deal', { ...deal, ...values, person_id }),
    });
    expect(to_deal).toBe(dayMs);
    return [is_won, to_win];
  };
  expect(wonOf({ status: 'won', closed_at: closed })).toEqual([1, 21 * dayMs]);
  expect(wonOf({ status: 'won' })).toEqual([0, null]);
  expect(wonOf({ status: 'lost', closed_at: closed })).toEqual([0, null]);
});

test('lets no deal be gone before it came', (db) => {
  const id = db.insert('deal', { ...deal, status: 'lost', closed_at: registered - 5 * dayMs });
  expect(db.row('deal_now', { deal_id: id })).toMatchObject({
    closed_day: dayOf(registered - 5 * dayMs),
    gone_day: dayOf(registered),
  });
});

test('numbers currencies to the base of 26', (db) => {
  const codes = ['AAA', 'ABC', 'NOK', 'USD', 'ZZZ'].map((currency) => {
    const id = db.insert('deal', { ...deal, currency });
    return db.row('deal_now', { deal_id: id })['currency'];
  });
  expect(codes).toEqual([0, 28, codeOf('NOK'), codeOf('USD'), 17_575]);
});

test('takes a person’s touches within the window before registration and before the close', (db) => {
  const { google, group } = world(db);
  const person = db.insert('person');
  db.insert('touch', { person_id: db.insert('person', { email: 'ola@firma.no' }), at, origin_id: google });
  const window = 90 * dayMs;
  const moments = [
    registered - window - 1,
    registered - window,
    registered,
    registered + 1,
    closed - window - 1,
    closed - window,
    closed,
    closed + 1,
  ];
  for (const moment of moments) db.insert('touch', { person_id: person, at: moment, origin_id: google });
  const id = db.insert('deal', { ...deal, person_id: person, status: 'won', closed_at: closed });
  const between = (from: number, to: number) =>
    stepsOf(
      moments
        .filter((moment) => moment >= from && moment <= to)
        .toSorted((a, b) => a - b)
        .map((moment) => [group.google, moment]),
    );
  expect(db.row('deal_now', { deal_id: id })).toMatchObject({
    registered_steps: between(registered - window, registered),
    closed_steps: between(closed - window, closed),
  });
});

for (const [end, steps] of [
  [registered, 'registered_steps'],
  [closed, 'closed_steps'],
] as const) {
  /** Steps of a deal whose company has these points and which has no person. */
  const stepsOfSource = (db: ProgramDatabase, values: Row, more: Row = {}): string => {
    const id = db.insert('deal', {
      ...deal,
      company_id: db.insert('company', values),
      status: 'won',
      closed_at: closed,
      ...more,
    });
    return db.row('deal_now', { deal_id: id })[steps];
  };
  const points = (google: number, linkedin: number): Row => ({
    first_touch_at: end - dayMs,
    first_touch_origin_id: google,
    first_touch_landing_page_id: 1,
    lead_creation_at: end - 1,
    lead_creation_origin_id: linkedin,
    lead_creation_landing_page_id: 1,
  });

  test(`takes the two touches of a company’s source where a deal has no person (${steps})`, (db) => {
    const { google, linkedin, group } = world(db);
    expect(stepsOfSource(db, points(google, linkedin))).toBe(
      stepsOf([
        [group.google, end - dayMs],
        [group.linkedin, end - 1],
      ]),
    );
    const person_id = db.insert('person');
    expect(stepsOfSource(db, points(google, linkedin), { person_id })).toBe(`[${creditUnits}]`);
  });

  test(`takes a company’s source of one touch once (${steps})`, (db) => {
    const { google, group } = world(db);
    const one = { ...points(google, google), lead_creation_at: end - dayMs };
    expect(stepsOfSource(db, one)).toBe(stepsOf([[group.google, end - dayMs]]));
    const twoPages = { ...one, lead_creation_landing_page_id: 2 };
    expect(stepsOfSource(db, twoPages)).toBe(
      stepsOf([
        [group.google, end - dayMs],
        [group.google, end - dayMs],
      ]),
    );
  });

  test(`takes a company’s source within the look-back window (${steps})`, (db) => {
    const { google, linkedin, group } = world(db);
    const window = 90 * dayMs;
    const old = { ...points(google, linkedin), first_touch_at: end - window };
    expect(stepsOfSource(db, old)).toBe(
      stepsOf([
        [group.google, end - window],
        [group.linkedin, end - 1],
      ]),
    );
    const tooOld = { ...old, first_touch_at: end - window - 1 };
    expect(stepsOfSource(db, tooOld)).toBe(stepsOf([[group.linkedin, end - 1]]));
    const late = { ...old, lead_creation_at: end };
    expect(stepsOfSource(db, late)).toBe(
      stepsOf([
        [group.google, end - window],
        [group.linkedin, end],
      ]),
    );
    const tooLate = { ...old, lead_creation_at: end + 1 };
    expect(stepsOfSource(db, tooLate)).toBe(stepsOf([[group.google, end - window]]));
  });

  test(`orders a deal’s touches, shares credit by age, and leaves direct ones out (${steps})`, (db) => {
    const { direct, google, linkedin, group } = world(db);
    const person_id = db.insert('person');
    const id = db.insert('deal', { ...deal, person_id, status: 'won', closed_at: closed });
    const touch = (origin_id: number, moment: number) => db.insert('touch', { person_id, at: moment, origin_id });
    touch(direct, end - 3);
    expect(db.row('deal_now', { deal_id: id })[steps]).toBe(stepsOf([[group.direct, end - 3]]));
    touch(linkedin, end - 2);
    touch(google, end - 2);
    touch(linkedin, end - 26 * dayMs);
    touch(google, end - 9.5 * dayMs);
    expect(db.row('deal_now', { deal_id: id })[steps]).toBe(
      stepsOf([
        [group.linkedin, end - 26 * dayMs],
        [group.google, end - 9.5 * dayMs],
        [group.linkedin, end - 2],
        [group.google, end - 2],
      ]),
    );
  });
}

test('counts the days of a deal from the first touch of its person, else of its company', (db) => {
  const company_id = db.insert('company', { first_touch_at: at - 5 * dayMs });
  const person_id = db.insert('person', { first_touch_at: at - 2 * dayMs });
  const won = { ...deal, status: 'won', closed_at: closed };
  const days = (values: Row) => {
    const row = db.row('deal_now', { deal_id: db.insert('deal', { ...won, ...values }) });
    return [row['to_deal'], row['deal_bin'], row['to_win'], row['win_bin']];
  };
  const expected = (interval: number) => [
    interval,
    binOf(interval),
    interval + 20 * dayMs,
    binOf(interval + 20 * dayMs),
  ];
  expect(days({ company_id })).toEqual(expected(5 * dayMs));
  expect(days({ company_id, person_id })).toEqual(expected(2 * dayMs));
  expect(days({})).toEqual([null, null, null, null]);
});

test('puts the days of deals into the same bins as those of leads', (db) => {
  for (const interval of [0, ...intervals, -7]) {
    const person_id = db.insert('person', { first_touch_at: at - interval, email: String(interval) });
    const toDeal = db.insert('deal', { ...deal, person_id });
    expect(db.row('deal_now', { deal_id: toDeal })['deal_bin']).toBe(binOf(interval));
    const toWin = db.insert('deal', { ...deal, person_id, status: 'won', closed_at: at });
    expect(db.row('deal_now', { deal_id: toWin })['win_bin']).toBe(binOf(interval));
  }
});

test('has the number of a rolled-up journey’s path, of channels after corrections and in order', (db) => {
  const { google, linkedin } = world(db);
  const person = db.insert('person', { created_at: at });
  db.insert('touch', { person_id: person, at: at - 2, origin_id: linkedin });
  db.insert('touch', { person_id: person, at: at - 1, origin_id: google });
  db.insert('touch', { person_id: person, at, origin_id: google });
  const id = db.insert('deal', { ...deal, registered_at: at - 1, person_id: person, status: 'won', closed_at: at });
  const paths = () => {
    const lead = db.row('lead_settled', { person_id: person })['path_id'];
    const { registered_path_id, closed_path_id } = db.row('deal_settled', { deal_id: id });
    return [lead, registered_path_id, closed_path_id];
  };
  db.rollUp();
  const [search, social] = [channelOf(db, google), channelOf(db, linkedin)];
  const pathId = (...channels: number[]) => db.row('report_path', { path: channels.join(',') })['id'];
  const whole = pathId(social, search, search);
  expect(paths()).toEqual([whole, pathId(social, search), whole]);

  const corrected = db.insert('origin_value', { field: 'channel', canonical: 'Social' });
  db.update('origin_value', social, { alias_of: corrected });
  db.rollUp();
  const wholeCorrected = pathId(corrected, search, search);
  expect(paths()).toEqual([wholeCorrected, pathId(corrected, search), wholeCorrected]);
  db.run('DELETE FROM report_path');
  expect(paths()).toEqual([0, 0, 0]);
  const { path_id: _, ...facts } = db.row('lead_settled');
  expect(facts).toEqual(db.row('lead_fact'));
  const { registered_path_id: __, closed_path_id: ___, ...dealFacts } = db.row('deal_settled');
  expect(dealFacts).toEqual(db.row('deal_fact'));
});
