import { expect } from 'vitest';
import { rulesVersion } from '../../../src/domain/attribution/rules-version.ts';
import { at, earlier, journeyOf, test } from '../../support/program-database.ts';

const whole = {
  source: 'google',
  medium: 'cpc',
  campaign: 'spring',
  term: 'shoes',
  content: 'red',
  id: 'c1',
  referrerDomain: 'google.com',
  channel: 'Paid Search',
  placement: 'story',
  clickIdName: 'gclid',
  landingPage: '/a',
};
const fields = [
  'source',
  'medium',
  'campaign',
  'term',
  'content',
  'id',
  'referrerDomain',
  'channel',
  'placement',
] as const;

test('stores each value once, with its first label and the moment it was seen', (db) => {
  db.store(journeyOf([whole]));
  for (const field of [...fields, 'landingPage'] as const) {
    expect(db.row('origin_value', { field })).toEqual({
      id: expect.any(Number),
      field,
      canonical: whole[field],
      label: whole[field].toUpperCase(),
      alias_label: null,
      alias_of: null,
      first_seen_at: at,
    });
  }
  const before = db.rows('origin_value');
  const again = journeyOf([whole]);
  const originValues = (again.originValues as string).replaceAll('GOOGLE', 'gOOgle');
  expect(db.store({ ...again, originValues, at: at + 1 }).state).toBe('stored');
  expect(db.rows('origin_value')).toEqual(before);
});

test('stores each origin once, by its key, with the ids of all its values', (db) => {
  const journey = journeyOf([whole]);
  // The same text in every other field: each id is looked up by field and by value.
  for (const field of fields) db.insert('origin_value', { field: `other ${field}`, canonical: whole[field] });
  for (const field of fields) {
    for (const canonical of ['!', 'zzz']) db.insert('origin_value', { field, canonical });
  }
  db.store(journey);
  const id = (field: (typeof fields)[number]) => db.row('origin_value', { field, canonical: whole[field] })['id'];
  expect(db.row('origin')).toEqual({
    id: expect.any(Number),
    key: journey.inForceKey,
    site_id: 1,
    source_id: id('source'),
    medium_id: id('medium'),
    campaign_id: id('campaign'),
    term_id: id('term'),
    content_id: id('content'),
    utm_id_id: id('id'),
    referrer_domain_id: id('referrerDomain'),
    channel_id: id('channel'),
    placement_id: id('placement'),
    click_id_name: 'gclid',
    rules_version: rulesVersion,
    evidence: null,
    read_as: null,
  });
  const before = db.rows('origin');
  expect(db.store({ ...journey, at: at + 1 }).state).toBe('stored');
  expect(db.rows('origin')).toEqual(before);
});

test('stores 0 for each value that an origin lacks', (db) => {
  db.store({ ...journeyOf([{ channel: 'Direct' }]), originValues: '[]' });
  expect(db.row('origin')).toMatchObject({
    source_id: 0,
    medium_id: 0,
    campaign_id: 0,
    term_id: 0,
    content_id: 0,
    utm_id_id: 0,
    referrer_domain_id: 0,
    channel_id: 0,
    placement_id: 0,
    click_id_name: null,
  });
});

test('points a value for which there is a correction at the corrected one', (db) => {
  const alias = db.insert('alias', { field: 'source', to_canonical: 'linkedin' });
  db.insert('alias_from', { field: 'source', canonical: 'linked-in', alias_id: alias });
  const target = db.insert('origin_value', { field: 'source', canonical: 'linkedin' });
  db.insert('origin_value', { field: 'medium', canonical: 'linkedin' });
  db.insert('origin_value', { field: 'source', canonical: 'other' });
  db.store(journeyOf([{ source: 'linked-in', medium: 'linked-in' }]));
  expect(db.row('origin_value', { field: 'source', canonical: 'linked-in' })['alias_of']).toBe(target);
  expect(db.row('origin_value', { field: 'medium', canonical: 'linked-in' })['alias_of']).toBeNull();
  db.store(journeyOf([{ source: 'facebook' }]));
  expect(db.row('origin_value', { field: 'source', canonical: 'facebook' })['alias_of']).toBeNull();
});

test('points a value at the end of a chain of corrections', (db) => {
  const alias = db.insert('alias', { field: 'source', to_canonical: 'linkedin' });
  db.insert('alias_from', { field: 'source', canonical: 'linked-in', alias_id: alias });
  const end = db.insert('origin_value', { field: 'source', canonical: 'li' });
  db.insert('origin_value', { field: 'source', canonical: 'linkedin', alias_of: end });
  db.store(journeyOf([{ source: 'linked-in' }]));
  expect(db.row('origin_value', { field: 'source', canonical: 'linked-in' })['alias_of']).toBe(end);
});

test('takes the correction of the value itself where there are several', (db) => {
  const targets = ['one', 'two'].map((canonical) => {
    const alias = db.insert('alias', { field: 'source', to_canonical: canonical });
    db.insert('alias_from', { field: 'source', canonical: `${canonical}!`, alias_id: alias });
    return db.insert('origin_value', { field: 'source', canonical });
  });
  db.store(journeyOf([{ source: 'two!' }, { source: 'one!' }]));
  expect(db.row('origin_value', { canonical: 'one!' })['alias_of']).toBe(targets[0]);
  expect(db.row('origin_value', { canonical: 'two!' })['alias_of']).toBe(targets[1]);
});

test('gives people and submissions the origin and the landing page by their own keys', (db) => {
  db.origin({ channel: 'Other' });
  db.insert('origin_value', { field: 'source', canonical: '/a' });
  for (const canonical of ['!', '/z']) db.insert('origin_value', { field: 'landingPage', canonical });
  db.store(
    journeyOf([
      { at: earlier, source: 'google', landingPage: '/a' },
      { source: 'linkedin', landingPage: '/b' },
    ]),
  );
  const origin = (source: string) =>
    db.row('origin', { source_id: db.row('origin_value', { field: 'source', canonical: source })['id'] })['id'];
  const page = (canonical: string) => db.row('origin_value', { field: 'landingPage', canonical })['id'];
  expect(db.row('person')).toMatchObject({
    first_touch_origin_id: origin('google'),
    first_touch_landing_page_id: page('/a'),
    lead_creation_origin_id: origin('linkedin'),
    lead_creation_landing_page_id: page('/b'),
  });
  expect(db.row('submission')).toMatchObject({ origin_id: origin('linkedin'), landing_page_id: page('/b') });
});

test('stores 0 as the version of the rules where an origin names none', (db) => {
  const journey = journeyOf([{ source: 'linkedin' }]);
  const origins = (JSON.parse(journey.origins as string) as Array<Record<string, unknown>>).map(
    ({ rulesVersion: _none, ...origin }) => origin,
  );
  db.store({ ...journey, origins: JSON.stringify(origins) });
  expect(db.row('origin')).toMatchObject({ rules_version: 0 });
});
