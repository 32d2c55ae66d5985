import { expect } from 'vitest';
import { test } from '../../support/program-database.ts';
import type { ProgramDatabase } from '../../support/program-database.ts';

const file = (db: ProgramDatabase, id: string, submissionId: string): void =>
  void db.insert('stored_file', {
    id,
    submission_id: submissionId,
    field: 'cv',
    name: 'cv.pdf',
    type: 'application/pdf',
    size: 1,
    sha256: '00',
    at: 0,
  });
const filesOf = (db: ProgramDatabase) => db.rows('stored_file').map(({ id }) => id);
const removed = (db: ProgramDatabase) => db.rows('removed_file').map(({ id }) => id);

test('has the bytes deleted of each file whose row is deleted, and of no other', (db) => {
  file(db, 'a', 'x');
  file(db, 'b', 'x');
  db.run(`DELETE FROM stored_file WHERE id = 'a'`);
  expect([filesOf(db), removed(db)]).toEqual([['b'], ['a']]);
});

test('deletes the files of a quarantined submission with it, and none of another', (db) => {
  db.insert('quarantine', { id: 'held' });
  db.insert('quarantine', { id: 'other' });
  file(db, 'a', 'held');
  file(db, 'b', 'other');
  db.run(`DELETE FROM quarantine WHERE id = 'held'`);
  expect([filesOf(db), removed(db)]).toEqual([['b'], ['a']]);
});

test('leaves the files of a submission that was released, when its row in quarantine is deleted', (db) => {
  db.insert('quarantine', { id: 'held', status: 'released' });
  db.insert('quarantine', { id: 'dropped' });
  db.insert('submission', { id: 'held' });
  file(db, 'a', 'held');
  file(db, 'b', 'dropped');
  db.run('DELETE FROM quarantine');
  expect([filesOf(db), removed(db)]).toEqual([['a'], ['b']]);
});
