import { expect } from 'vitest';
import { test } from '../../support/program-database.ts';

const group = { channel_id: 1, source_id: 2, medium_id: 3, campaign_id: 4, referrer_domain_id: 5 };
const rest = { term_id: 6, content_id: 7, utm_id_id: 8, placement_id: 9, click_id_name: 'gclid' };

test('gives a new origin its group, and origins that differ in other values the same one', (db) => {
  const first = db.insert('origin', { key: 'a', ...group, ...rest });
  const second = db.insert('origin', { key: 'b', ...group });
  const id = db.row('origin_group')['id'];
  expect(db.row('origin_group')).toEqual({ id, ...group });
  expect(db.rows('group_of_origin')).toEqual([
    { origin_id: first, group_id: id, is_direct: 0 },
    { origin_id: second, group_id: id, is_direct: 0 },
  ]);
});

for (const name of Object.keys(group)) {
  test(`gives an origin with another ${name} another group`, (db) => {
    db.insert('origin', { key: 'a', ...group });
    const other = { ...group, [name]: 9 };
    const id = db.insert('origin', { key: 'b', ...other });
    const { id: groupId, ...values } = db.all('SELECT * FROM origin_group ORDER BY id DESC LIMIT 1')[0]!;
    expect(values).toEqual(other);
    expect(db.rows('group_of_origin', { origin_id: id })).toEqual([{ origin_id: id, group_id: groupId, is_direct: 0 }]);
    expect(db.rows('group_of_origin')).toHaveLength(2);
  });
}

test('gives an origin that changes its channel another group, and never changes a group', (db) => {
  const id = db.insert('origin', { key: 'a', ...group });
  const before = db.row('origin_group');
  db.update('origin', id, { channel_id: 9 });
  const added = { id: expect.any(Number), ...group, channel_id: 9 };
  expect(db.rows('origin_group')).toEqual([before, added]);
  db.update('origin', id, { channel_id: 1 });
  db.run('UPDATE origin SET channel_id = channel_id');
  expect(db.rows('origin_group')).toEqual([before, added]);
  expect(db.row('group_of_origin')).toMatchObject({ group_id: before['id'] });
});

for (const name of Object.keys(group)) {
  test(`gives an origin that changes its ${name} another group`, (db) => {
    const id = db.insert('origin', { key: 'a', ...group });
    const before = db.row('origin_group');
    db.update('origin', id, { [name]: 9 });
    const added = { id: expect.any(Number), ...group, [name]: 9 };
    expect(db.rows('origin_group')).toEqual([before, added]);
  });
}

test('writes no group where an origin keeps its channel', (db) => {
  db.insert('origin', { key: 'a', ...group });
  db.run('DELETE FROM origin_group');
  db.run('UPDATE origin SET channel_id = channel_id');
  expect(db.rows('origin_group')).toEqual([]);
});

test('takes an origin for direct where nothing is known of it but its channel', (db) => {
  const id = db.insert('origin', { key: 'a', channel_id: 3 });
  expect(db.row('group_of_origin')).toMatchObject({ origin_id: id, is_direct: 1 });
});

const values = { ...group, ...rest };
for (const name of ['source_id', 'medium_id', 'referrer_domain_id', 'click_id_name'] as const) {
  test(`takes an origin with a ${name} for one that is not direct`, (db) => {
    db.insert('origin', { key: 'a', channel_id: 3, [name]: values[name] });
    expect(db.row('group_of_origin')).toMatchObject({ is_direct: 0 });
  });
}

for (const name of ['campaign_id', 'term_id', 'content_id', 'utm_id_id', 'placement_id'] as const) {
  test(`takes an origin with a ${name} alone for a direct one, which replaces no known origin`, (db) => {
    db.insert('origin', { key: 'a', channel_id: 3, [name]: values[name] });
    expect(db.row('group_of_origin')).toMatchObject({ is_direct: 1 });
  });
}
