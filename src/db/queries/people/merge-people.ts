import { getTableColumns, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { InStatement, Row } from '@libsql/client/http';
import { originFields, sentFields } from '../../../domain/attribution/origin-fields.ts';
import { toIso, toIsoOrNull } from '../../../domain/iso-time.ts';
import { undoTerms } from '../../../domain/undo-terms.ts';
import type { UndoTerms } from '../../../domain/undo-terms.ts';
import { touch } from '../../schema/origins.ts';
import type { Database } from '../../client.ts';
import type { RecordsOfPage } from '../../lists/place-in-list.ts';
import { livingCompany } from '../../fragments/merged-records.ts';
import { person, personMerge } from '../../schema/people.ts';
import { defineStatement } from '../../statement.ts';

/**
 * Two people become one, and two again. Each is one batch of set-based statements: what the merge takes away or moves
 * is written into its row first, and undoing it reads that row alone.
 *
 * `kept` and `removed` hold both people whole. `moved` holds, of the removed person: `touches` (ids that changed hands),
 * `duplicates` (touches the kept person has too, whole), `submissions` (id and journey), `consents`, `deals`, `emails`,
 * `memberships`; `added`, the selections that only the merge brought the kept person into; `companies` whose source
 * the removed person was; `demoted`, the submission that had created the later of the two.
 */

/** All but what follows from the person's deals. */
const personColumns = Object.values(getTableColumns(person))
  .map(({ name }) => name)
  .filter((name) => name !== person.dealState.name);
const touchColumns = Object.values(getTableColumns(touch)).map(({ name }) => name);

const rowJson = (alias: string, columns: string[]) =>
  `json_object(${columns.map((name) => `'${name}', ${alias}.${name}`).join(', ')})`;
const listOf = (value: string, from: string) => `(SELECT json_group_array(${value}) FROM ${from})`;

/** Open until the last statement takes the removed person away; a batch sent again does nothing. */
const bothExist = `:keptId <> :removedId AND EXISTS (SELECT 1 FROM person WHERE id = :keptId)
  AND EXISTS (SELECT 1 FROM person WHERE id = :removedId)`;

/** A touch of the other person that this one has as well: the same arrival in the same browser. */
const sameTouch = (owner: string, other: string) =>
  `EXISTS (SELECT 1 FROM touch same WHERE same.person_id = ${owner} AND same.at = ${other}.at
    AND same.origin_id = ${other}.origin_id)`;

const personMemberships = (personId: string) =>
  `selection_member m JOIN selection s ON s.id = m.selection_id AND s.entity = 'person' WHERE m.member_id = ${personId}`;

const isMember = (personId: string) =>
  `EXISTS (SELECT 1 FROM selection_member mine WHERE mine.selection_id = m.selection_id AND mine.member_id = ${personId})`;

const recordMerge = defineStatement(`
  INSERT INTO person_merge (person_id, removed_person_id, kept, removed, moved, at)
  SELECT :keptId, :removedId, ${rowJson('kept', personColumns)}, ${rowJson('removed', personColumns)}, json_object(
    'touches', ${listOf('t.id', `touch t WHERE t.person_id = :removedId AND NOT ${sameTouch(':keptId', 't')}`)},
    'duplicates', ${listOf(rowJson('t', touchColumns), `touch t WHERE t.person_id = :removedId AND ${sameTouch(':keptId', 't')}`)},
    'submissions', ${listOf(`json_object('id', s.id, 'journey', s.journey)`, 'submission s WHERE s.person_id = :removedId')},
    'consents', ${listOf('c.id', 'consent c WHERE c.person_id = :removedId')},
    'deals', ${listOf('d.id', 'deal d WHERE d.person_id = :removedId')},
    'emails', ${listOf('e.email', 'person_email e WHERE e.person_id = :removedId')},
    'memberships', ${listOf(`json_object('selectionId', m.selection_id, 'addedAt', m.added_at)`, personMemberships(':removedId'))},
    'added', ${listOf('m.selection_id', `${personMemberships(':removedId')} AND NOT ${isMember(':keptId')}`)},
    'companies', ${listOf('c.id', 'company c WHERE c.source_person_id = :removedId')},
    'demoted', ${listOf('s.id', 'submission s WHERE s.person_id = iif(kept.created_at <= removed.created_at, :removedId, :keptId) AND s.created_person = 1')}),
    :now
  FROM person kept JOIN person removed ON removed.id = :removedId
  WHERE kept.id = :keptId AND :keptId <> :removedId`);

const areUnknown = (says: 'origin' | 'detail') =>
  sentFields
    .filter((field) => originFields[field].says === says)
    .map((field) => `${originFields[field].column} = 0`)
    .join(' AND ');

/** 0 for an origin that says where the person came from, 1 for a campaign alone, 2 for direct (`rankEvidence`). */
const unknownness = (originId: string) => `coalesce((SELECT 1 + (${areUnknown('detail')})
  FROM origin WHERE id = ${originId} AND ${areUnknown('origin')} AND click_id_name IS NULL), 0)`;

const blanks = [
  'first_name',
  'first_name_fold',
  'last_name',
  'last_name_fold',
  'phone',
  'title',
  'title_fold',
  'country',
  'company_id',
  'owner_id',
  'lead_status_id',
];
const creation = [
  'created_at',
  'created_via',
  'created_form_id',
  'lead_creation_origin_id',
  'lead_creation_at',
  'lead_creation_landing_page_id',
];
const firstTouch = ['first_touch_origin_id', 'first_touch_at', 'first_touch_landing_page_id'];

/** Whose points win: `creates`, `touches` are 1 where the removed person's do. */
const winners = `removed.created_at < kept.created_at AS creates,
      CASE
        WHEN removed.first_touch_at > min(kept.lead_creation_at, removed.lead_creation_at) THEN 0
        WHEN kept.first_touch_at > min(kept.lead_creation_at, removed.lead_creation_at) THEN 1
        ELSE (${unknownness('removed.first_touch_origin_id')}, removed.first_touch_at)
          < (${unknownness('kept.first_touch_origin_id')}, kept.first_touch_at)
      END AS touches
    FROM person kept JOIN person removed ON removed.id = :removedId WHERE kept.id = :keptId`;

/**
 * The earlier points win: the creation of whoever was created first; of both first touches the earlier that is known
 * and does not come after that creation, which it cannot have brought.
 */
const mergePerson = defineStatement(`
  UPDATE person SET
    ${blanks.map((name) => `${name} = coalesce(person.${name}, other.${name})`).join(', ')},
    ${creation.map((name) => `${name} = iif(other.creates, other.${name}, person.${name})`).join(', ')},
    ${firstTouch.map((name) => `${name} = iif(other.touches, other.${name}, person.${name})`).join(', ')},
    updated_at = :now
  FROM (SELECT removed.*, ${winners}) other
  WHERE person.id = :keptId AND ${bothExist}`);

const countMoved = (table: string) => `(SELECT count(*) FROM ${table} WHERE person_id = :removedId) AS ${table}s`;
const tried = `SELECT ${['submission', 'deal', 'consent'].map(countMoved).join(', ')}, ${winners}`;

/** What a merge would do: `creates` and `touches` are 1 where the removed person's points win; how many records would move. */
export type TriedMerge = Record<'creates' | 'touches' | 'submissions' | 'deals' | 'consents', number>;
export function tryMerge({ keptId, removedId }: { keptId: number; removedId: number }): SQL {
  const parts = tried.split(/:(keptId|removedId)/);
  return sql.join(
    parts.map((part, n) => (n % 2 === 0 ? sql.raw(part) : sql`${part === 'keptId' ? keptId : removedId}`)),
  );
}

const moveTouches = defineStatement(`
  UPDATE touch SET person_id = :keptId
  WHERE person_id = :removedId AND NOT ${sameTouch(':keptId', 'touch')} AND ${bothExist}`);

/** Whoever of the two was created later existed already: what created them was a conversion. */
const demoteCreation = defineStatement(`
  UPDATE submission SET created_person = 0
  WHERE person_id = (SELECT iif(kept.created_at <= removed.created_at, :removedId, :keptId)
      FROM person kept JOIN person removed ON removed.id = :removedId WHERE kept.id = :keptId)
    AND created_person = 1 AND ${bothExist}`);

const moveSubmissions = defineStatement(
  `UPDATE submission SET person_id = :keptId WHERE person_id = :removedId AND ${bothExist}`,
);

/** Submissions name touches of their own person: each one of the other person gives way to the same one of this person. */
const remapJourneys = ({ personId, otherId, condition }: { personId: string; otherId: string; condition: string }) =>
  defineStatement(`
  UPDATE submission SET journey = (SELECT json_group_array(id) FROM (
    SELECT coalesce(mine.id, entry.value) AS id FROM json_each(submission.journey) entry
    LEFT JOIN touch theirs ON theirs.id = entry.value AND theirs.person_id = ${otherId}
    LEFT JOIN touch mine ON mine.person_id = ${personId} AND mine.at = theirs.at AND mine.origin_id = theirs.origin_id
    ORDER BY entry.key))
  WHERE person_id = ${personId} AND EXISTS (SELECT 1 FROM json_each(submission.journey) entry
    JOIN touch theirs ON theirs.id = entry.value AND theirs.person_id = ${otherId}) AND ${condition}`);

const remapMoved = remapJourneys({ personId: ':keptId', otherId: ':removedId', condition: bothExist });

const deleteDuplicates = defineStatement(`DELETE FROM touch WHERE person_id = :removedId AND ${bothExist}`);

const moveConsents = defineStatement(
  `UPDATE consent SET person_id = :keptId WHERE person_id = :removedId AND ${bothExist}`,
);

const moveDeals = defineStatement(`UPDATE deal SET person_id = :keptId WHERE person_id = :removedId AND ${bothExist}`);

const joinSelections = defineStatement(`
  INSERT INTO selection_member (selection_id, member_id, added_at)
  SELECT m.selection_id, :keptId, m.added_at FROM ${personMemberships(':removedId')} AND ${bothExist}
  ON CONFLICT DO NOTHING`);

const leaveSelections = defineStatement(`
  DELETE FROM selection_member WHERE member_id = :removedId AND ${bothExist}
    AND EXISTS (SELECT 1 FROM selection s WHERE s.id = selection_id AND s.entity = 'person')`);

const moveEmails = defineStatement(
  `UPDATE person_email SET person_id = :keptId WHERE person_id = :removedId AND ${bothExist}`,
);

const keepEmail = defineStatement(`
  INSERT INTO person_email (email, person_id) SELECT email, :keptId FROM person WHERE id = :removedId AND email IS NOT NULL AND ${bothExist}`);

const moveCompanySource = defineStatement(
  `UPDATE company SET source_person_id = :keptId WHERE source_person_id = :removedId AND ${bothExist}`,
);

const deleteRemoved = defineStatement(`DELETE FROM person WHERE id = :removedId AND ${bothExist}`);

/** Somebody known by telephone number takes over the other's address, once nobody has it. */
const takeOverEmail = defineStatement(`
  UPDATE person SET email = (SELECT e.email FROM person_merge m JOIN person_email e ON e.email = m.removed ->> 'email' AND e.person_id = m.person_id
    WHERE m.person_id = :keptId AND m.removed_person_id = :removedId AND m.undone_at IS NULL)
  WHERE id = :keptId AND email IS NULL`);

const dropTakenOver = defineStatement(
  `DELETE FROM person_email WHERE person_id = :keptId AND email = (SELECT email FROM person WHERE id = :keptId)`,
);

const mergeColumns = `m.id, m.person_id, m.removed_person_id, m.removed ->> 'email' AS removed_email, m.at, m.undone_at`;

/** The live merge of these two, and whether the one to be kept exists at all. */
const readMade = defineStatement(`
  SELECT ${mergeColumns}, EXISTS (SELECT 1 FROM person WHERE id = :keptId) AS kept_exists
  FROM (SELECT 1) LEFT JOIN person_merge m
    ON m.person_id = :keptId AND m.removed_person_id = :removedId AND m.undone_at IS NULL`);

/** The first result counts the merges made (0 or 1); the last is the merge as `toMerge` reads it, and `kept_exists`. */
export function mergeStatements(args: { keptId: number; removedId: number; now: number }): InStatement[] {
  const steps = [
    recordMerge,
    // Before the creation moves, since it asks which of the two came later.
    demoteCreation,
    mergePerson,
    moveTouches,
    moveSubmissions,
    remapMoved,
    deleteDuplicates,
    moveConsents,
    moveDeals,
    joinSelections,
    leaveSelections,
    moveEmails,
    keepEmail,
    moveCompanySource,
    deleteRemoved,
    takeOverEmail,
    dropTakenOver,
    readMade,
  ];
  return steps.map((step) => step(args));
}

/**
 * Whether a merge can be undone now: once, within its time, and only while neither of its people has been merged since. Holds until the
 * last statement marks it.
 */
const canUndo = `EXISTS (SELECT 1 FROM person_merge done WHERE done.id = :mergeId AND done.undone_at IS NULL AND done.at >= :since
  AND NOT EXISTS (SELECT 1 FROM person_merge later WHERE later.person_id = done.person_id
    AND later.id > done.id AND later.undone_at IS NULL)
  AND EXISTS (SELECT 1 FROM person WHERE id = done.person_id))`;

const made = `(SELECT * FROM person_merge WHERE id = :mergeId)`;
const movedList = (name: string) =>
  `(SELECT entry.value FROM person_merge, json_each(person_merge.moved, '$.${name}') entry WHERE person_merge.id = :mergeId)`;

/** A value of the removed person; the company may have been merged into another since. */
const removedValue = (name: string) =>
  name === 'company_id' ? livingCompany(`m.removed ->> 'company_id'`) : `m.removed ->> '${name}'`;

/** What the merge filled or set goes back to what it was; what was changed by hand since then stays. */
const unmergePerson = defineStatement(`
  UPDATE person SET
    ${blanks
      .map(
        (name) =>
          `${name} = iif(m.kept ->> '${name}' IS NULL AND person.${name} IS ${removedValue(name)}, NULL, person.${name})`,
      )
      .join(', ')},
    ${[...creation, ...firstTouch].map((name) => `${name} = m.kept ->> '${name}'`).join(', ')},
    email = iif(person.email = m.removed ->> 'email', m.kept ->> 'email', person.email),
    updated_at = iif(person.updated_at = m.at, m.kept ->> 'updated_at', :now)
  FROM ${made} m WHERE person.id = m.person_id AND ${canUndo}`);

/** The kept person's own address may have become a further one since, and is their first again. */
const releaseEmails = defineStatement(`
  DELETE FROM person_email WHERE ${canUndo} AND person_id = (SELECT person_id FROM ${made})
    AND email IN (SELECT removed ->> 'email' FROM ${made} UNION ALL
      SELECT p.email FROM person p WHERE p.id = (SELECT person_id FROM ${made}))`);

const references: Record<string, string> = { owner_id: 'owner', lead_status_id: 'lead_status' };

/** The removed person's address, unless somebody has taken it since. */
const freeEmail = `(SELECT m.removed ->> 'email' WHERE NOT EXISTS (SELECT 1 FROM person taken WHERE taken.email = m.removed ->> 'email')
    AND NOT EXISTS (SELECT 1 FROM person_email taken WHERE taken.email = m.removed ->> 'email'))`;

const restoreRemoved = defineStatement(`
  INSERT INTO person (${personColumns.join(', ')})
  SELECT ${personColumns
    .map((name) =>
      references[name]
        ? `(SELECT id FROM ${references[name]} WHERE id = m.removed ->> '${name}')`
        : name === person.email.name
          ? freeEmail
          : removedValue(name),
    )
    .join(', ')}
  FROM ${made} m WHERE ${canUndo}`);

/** The company of the removed person may have been merged into others since: undoing those moves the person too. */
const joinCompanyMerges = defineStatement(`
  UPDATE company_merge SET moved = json_insert(moved, '$.people[#]',
    json((SELECT json_object('id', p.id, 'updatedAt', p.updated_at) FROM person p WHERE p.id = (SELECT removed_person_id FROM ${made}))))
  WHERE ${canUndo} AND undone_at IS NULL AND removed_company_id IN (
    WITH RECURSIVE now_is (id) AS (SELECT removed ->> 'company_id' FROM ${made} UNION
      SELECT later.company_id FROM company_merge later JOIN now_is ON later.removed_company_id = now_is.id WHERE later.undone_at IS NULL)
    SELECT id FROM now_is)`);

const returnTouches = defineStatement(`
  UPDATE touch SET person_id = (SELECT removed_person_id FROM ${made})
  WHERE id IN ${movedList('touches')} AND person_id = (SELECT person_id FROM ${made}) AND ${canUndo}`);

const restoreDuplicates = defineStatement(`
  INSERT INTO touch (${touchColumns.join(', ')})
  SELECT ${touchColumns.map((name) => `entry.value ->> '${name}'`).join(', ')}
  FROM person_merge m, json_each(m.moved, '$.duplicates') entry WHERE m.id = :mergeId AND ${canUndo}`);

const returnSubmissions = defineStatement(`
  UPDATE submission SET person_id = back.removed_person_id, journey = back.journey
  FROM (SELECT m.removed_person_id, m.person_id, entry.value ->> 'id' AS id, entry.value ->> 'journey' AS journey
    FROM person_merge m, json_each(m.moved, '$.submissions') entry WHERE m.id = :mergeId) back
  WHERE submission.id = back.id AND submission.person_id = back.person_id AND ${canUndo}`);

const promoteCreation = defineStatement(
  `UPDATE submission SET created_person = 1 WHERE id IN ${movedList('demoted')} AND ${canUndo}`,
);

/** What came in after the merge stays with the kept person, and with it the touches it names. */
const copyTouches = defineStatement(`
  INSERT INTO touch (person_id, at, origin_id, landing_page_id, click_id_name, click_id_value, click_ids, raw)
  SELECT DISTINCT s.person_id, t.at, t.origin_id, t.landing_page_id, t.click_id_name, t.click_id_value, t.click_ids, t.raw
  FROM submission s, json_each(s.journey) entry
  JOIN touch t ON t.id = entry.value AND t.person_id = (SELECT removed_person_id FROM ${made})
  WHERE s.person_id = (SELECT person_id FROM ${made}) AND ${canUndo}
  ON CONFLICT DO NOTHING`);

const remapStaying = remapJourneys({
  personId: `(SELECT person_id FROM ${made})`,
  otherId: `(SELECT removed_person_id FROM ${made})`,
  condition: canUndo,
});

const returnConsents = defineStatement(`
  UPDATE consent SET person_id = (SELECT removed_person_id FROM ${made})
  WHERE id IN ${movedList('consents')} AND person_id = (SELECT person_id FROM ${made}) AND ${canUndo}`);

const returnDeals = defineStatement(`
  UPDATE deal SET person_id = (SELECT removed_person_id FROM ${made})
  WHERE id IN ${movedList('deals')} AND person_id = (SELECT person_id FROM ${made}) AND ${canUndo}`);

const returnSelections = defineStatement(`
  INSERT INTO selection_member (selection_id, member_id, added_at)
  SELECT s.id, m.removed_person_id, entry.value ->> 'addedAt'
  FROM person_merge m, json_each(m.moved, '$.memberships') entry
  JOIN selection s ON s.id = entry.value ->> 'selectionId'
  WHERE m.id = :mergeId AND ${canUndo}
  ON CONFLICT DO NOTHING`);

const leaveAdded = defineStatement(`
  DELETE FROM selection_member WHERE member_id = (SELECT person_id FROM ${made})
    AND selection_id IN ${movedList('added')} AND ${canUndo}`);

const returnEmails = defineStatement(`
  UPDATE person_email SET person_id = (SELECT removed_person_id FROM ${made})
  WHERE email IN ${movedList('emails')} AND person_id = (SELECT person_id FROM ${made}) AND ${canUndo}`);

const returnCompanySource = defineStatement(`
  UPDATE company SET source_person_id = (SELECT removed_person_id FROM ${made})
  WHERE id IN ${movedList('companies')} AND source_person_id = (SELECT person_id FROM ${made}) AND ${canUndo}`);

const markUndone = defineStatement(`UPDATE person_merge SET undone_at = :now WHERE id = :mergeId AND ${canUndo}`);

const readMerge = defineStatement(`SELECT ${mergeColumns} FROM person_merge m WHERE m.id = :mergeId`);

/** The last result but one counts the merges undone (0 or 1); the last is the merge, if there is one. */
export function undoStatements(args: { mergeId: number; now: number; since: number }): InStatement[] {
  const steps = [
    unmergePerson,
    releaseEmails,
    restoreRemoved,
    joinCompanyMerges,
    returnTouches,
    restoreDuplicates,
    returnSubmissions,
    promoteCreation,
    copyTouches,
    remapStaying,
    returnConsents,
    returnDeals,
    returnSelections,
    leaveAdded,
    returnEmails,
    returnCompanySource,
    markUndone,
    readMerge,
  ];
  return steps.map((step) => step(args));
}

/** Whether a merge led to a person; those of the people merged into them are among these. */
export function mergesOfPerson(personId: number): SQL {
  return sql`person_merge.person_id IN (WITH RECURSIVE was (id) AS (SELECT ${personId} UNION
    SELECT m.removed_person_id FROM person_merge m JOIN was ON m.person_id = was.id WHERE m.undone_at IS NULL)
    SELECT id FROM was)`;
}

/** Merges with both people as they were. */
export function selectMerges<More extends Partial<RecordsOfPage['position']>>(db: Database, more: More = {} as More) {
  return db.select({ ...getTableColumns(personMerge), ...more }).from(personMerge);
}

/** A merge as the API shows it. */
export type MergeView = {
  id: string;
  person: { id: string };
  /** With the address by which the removed person was known. */
  removedPerson: { id: string; email: string | null };
  at: string;
  undoneAt: string | null;
} & UndoTerms;

/** Reads the last result of `mergeStatements` and `undoStatements`. */
export function toMerge(row: Row): MergeView {
  return toMergeView({
    id: Number(row['id']),
    personId: Number(row['person_id']),
    removedPersonId: Number(row['removed_person_id']),
    removed: { email: row['removed_email'] },
    at: Number(row['at']),
    undoneAt: row['undone_at'] === null ? null : Number(row['undone_at']),
  });
}

export function toMergeView(row: Omit<typeof personMerge.$inferSelect, 'kept' | 'moved'>): MergeView {
  return {
    id: String(row.id),
    person: { id: String(row.personId) },
    removedPerson: { id: String(row.removedPersonId), email: (row.removed['email'] ?? null) as string | null },
    at: toIso(row.at),
    undoneAt: toIsoOrNull(row.undoneAt),
    ...undoTerms('personMerge', row.at),
  };
}
