import { getTableColumns, sql } from 'drizzle-orm';
import type { InStatement, Row } from '@libsql/client/http';
import { toIso, toIsoOrNull } from '../../../domain/iso-time.ts';
import { undoTerms } from '../../../domain/undo-terms.ts';
import type { UndoTerms } from '../../../domain/undo-terms.ts';
import type { Database } from '../../client.ts';
import type { RecordsOfPage } from '../../lists/place-in-list.ts';
import { livingPerson } from '../../fragments/merged-records.ts';
import { company, companyMerge } from '../../schema/people.ts';
import { defineStatement } from '../../statement.ts';

/**
 * Two companies become one, and two again, as people do (merge-people.ts): each is one batch of set-based statements. What the merge
 * takes away or moves is written into its row first, and undoing it reads that row alone.
 *
 * `kept` and `removed` hold both companies whole. `moved` holds, of the removed company: `people` (id and time of the last change),
 * `submissions`, `deals`, `memberships`, `proposals` (id, state); `added`, the selections that only the merge
 * brought the kept company into; `outdated`, the kept company's proposal that waited; `demoted`, the submission that had created the
 * later of the two. Its domain, registration number and name are rows of `company_alias` with the merge's id.
 *
 * While a merge is being made, its `undone_at` is 0 (`beingMade`).
 */

const companyColumns = Object.values(getTableColumns(company)).map(({ name }) => name);

const rowJson = (alias: string, columns: string[]) =>
  `json_object(${columns.map((name) => `'${name}', ${alias}.${name}`).join(', ')})`;
const listOf = (value: string, from: string) => `(SELECT json_group_array(${value}) FROM ${from})`;

/** Open until a statement takes the removed company away; a batch sent again does nothing. */
const bothExist = `:keptId <> :removedId AND EXISTS (SELECT 1 FROM company WHERE id = :keptId)
  AND EXISTS (SELECT 1 FROM company WHERE id = :removedId)`;

/** The merge that this batch makes: no other transaction sees it so. */
const beingMade = `m.company_id = :keptId AND m.removed_company_id = :removedId AND m.undone_at = 0`;

const companyMemberships = (companyId: string) =>
  `selection_member m JOIN selection s ON s.id = m.selection_id AND s.entity = 'company' WHERE m.member_id = ${companyId}`;
const isMember = (companyId: string) =>
  `EXISTS (SELECT 1 FROM selection_member mine WHERE mine.selection_id = m.selection_id AND mine.member_id = ${companyId})`;

/** Of two companies the one that was created later: what created it found the other there. */
const laterOne = 'iif(kept.created_at <= removed.created_at, :removedId, :keptId)';

const recordMerge = defineStatement(`
  INSERT INTO company_merge (company_id, removed_company_id, kept, removed, moved, at, undone_at)
  SELECT :keptId, :removedId, ${rowJson('kept', companyColumns)}, ${rowJson('removed', companyColumns)}, json_object(
    'people', ${listOf(`json_object('id', p.id, 'updatedAt', p.updated_at)`, 'person p WHERE p.company_id = :removedId')},
    'submissions', ${listOf('s.id', 'submission s WHERE s.company_id = :removedId')},
    'deals', ${listOf('d.id', 'deal d WHERE d.company_id = :removedId')},
    'memberships', ${listOf(`json_object('selectionId', m.selection_id, 'addedAt', m.added_at)`, companyMemberships(':removedId'))},
    'added', ${listOf('m.selection_id', `${companyMemberships(':removedId')} AND NOT ${isMember(':keptId')}`)},
    'proposals', ${listOf(`json_object('id', c.id, 'state', c.state)`, 'category_proposal c WHERE c.company_id = :removedId')},
    'outdated', ${listOf('c.id', `category_proposal c WHERE c.company_id = :keptId AND c.state = 'pending'`)},
    'demoted', ${listOf('s.id', `submission s WHERE s.company_id = ${laterOne} AND s.created_company = 1`)}),
    :now, 0
  FROM company kept JOIN company removed ON removed.id = :removedId
  WHERE kept.id = :keptId AND :keptId <> :removedId`);

const demoteCreation = defineStatement(`
  UPDATE submission SET created_company = 0
  WHERE company_id = (SELECT ${laterOne} FROM company kept JOIN company removed ON removed.id = :removedId WHERE kept.id = :keptId)
    AND created_company = 1 AND ${bothExist}`);

const blanks = ['name_key', 'country', 'owner_id', 'category_id'];
/** No two companies may share one: the kept company gets it once the other is gone, or keeps it as an alias. */
const uniques = ['domain', 'registration_number'];
const names = ['name', 'name_fold'];
const creation = ['created_at', 'created_via'];
const source = [
  'source_person_id',
  'first_touch_origin_id',
  'first_touch_at',
  'first_touch_landing_page_id',
  'lead_creation_origin_id',
  'lead_creation_at',
  'lead_creation_landing_page_id',
];

/**
 * Blanks are filled, and the creation is that of whoever was created first. The source is one whole: of both the one whose lead was
 * created first; a company without a source gets the other's. A name that is only the domain gives way.
 */
const mergeCompany = defineStatement(`
  UPDATE company SET
    ${names.map((name) => `${name} = iif(other.names, other.${name}, company.${name})`).join(', ')},
    ${blanks.map((name) => `${name} = coalesce(company.${name}, other.${name})`).join(', ')},
    ${creation.map((name) => `${name} = iif(other.creates, other.${name}, company.${name})`).join(', ')},
    ${source.map((name) => `${name} = iif(other.sources, other.${name}, company.${name})`).join(', ')},
    updated_at = :now
  FROM (SELECT removed.*, removed.created_at < kept.created_at AS creates,
      kept.name IS kept.domain AND removed.name IS NOT removed.domain AS names,
      removed.lead_creation_at IS NOT NULL
        AND (kept.lead_creation_at IS NULL OR removed.lead_creation_at < kept.lead_creation_at) AS sources
    FROM company kept JOIN company removed ON removed.id = :removedId WHERE kept.id = :keptId) other
  WHERE company.id = :keptId AND ${bothExist}`);

const movePeople = defineStatement(
  `UPDATE person SET company_id = :keptId, updated_at = :now WHERE company_id = :removedId AND ${bothExist}`,
);

const moveSubmissions = defineStatement(
  `UPDATE submission SET company_id = :keptId WHERE company_id = :removedId AND ${bothExist}`,
);

const moveDeals = defineStatement(
  `UPDATE deal SET company_id = :keptId WHERE company_id = :removedId AND ${bothExist}`,
);

/** A proposal goes on waiting where the kept company has none and has the category that the proposal starts from. */
const waits = `(state = 'pending' AND from_category_id IS (SELECT category_id FROM company WHERE id = :keptId)
  AND NOT EXISTS (SELECT 1 FROM category_proposal own WHERE own.company_id = :keptId AND own.state = 'pending'))`;
const moveProposals = defineStatement(`
  UPDATE category_proposal SET company_id = :keptId,
    state = iif(state <> 'pending' OR ${waits}, state, 'outdated'),
    decided_at = iif(state <> 'pending' OR ${waits}, decided_at, :now)
  WHERE company_id = :removedId AND ${bothExist}`);

const joinSelections = defineStatement(`
  INSERT INTO selection_member (selection_id, member_id, added_at)
  SELECT m.selection_id, :keptId, m.added_at FROM ${companyMemberships(':removedId')} AND ${bothExist}
  ON CONFLICT DO NOTHING`);

const leaveSelections = defineStatement(`
  DELETE FROM selection_member WHERE member_id = :removedId AND ${bothExist}
    AND EXISTS (SELECT 1 FROM selection s WHERE s.id = selection_id AND s.entity = 'company')`);

const moveAliases = defineStatement(
  `UPDATE company_alias SET company_id = :keptId WHERE company_id = :removedId AND ${bothExist}`,
);

/** What the removed company was found by, where the kept one is not found by the same. */
const addAliases = defineStatement(`
  INSERT INTO company_alias (kind, value, merge_id, company_id)
  SELECT a.kind, a.value, a.merge_id, :keptId
  FROM (SELECT m.id AS merge_id, kind.value AS kind,
      CASE kind.value WHEN 'domain' THEN m.removed ->> 'domain'
        WHEN 'registrationNumber' THEN m.removed ->> 'registration_number' ELSE m.removed ->> 'name_key' END AS value,
      CASE kind.value WHEN 'domain' THEN own.domain WHEN 'registrationNumber' THEN own.registration_number ELSE own.name_key END AS own
    FROM company_merge m JOIN company own ON own.id = :keptId, json_each('["domain","registrationNumber","nameKey"]') kind
    WHERE ${beingMade}) a
  WHERE a.value IS NOT NULL AND a.own IS NOT NULL AND a.own <> a.value AND ${bothExist}`);

const deleteRemoved = defineStatement(`DELETE FROM company WHERE id = :removedId AND ${bothExist}`);

const takeOver = defineStatement(`
  UPDATE company SET ${uniques.map((name) => `${name} = coalesce(company.${name}, m.removed ->> '${name}')`).join(', ')}
  FROM company_merge m WHERE ${beingMade} AND company.id = :keptId
    AND (${uniques.map((name) => `(company.${name} IS NULL AND m.removed ->> '${name}' IS NOT NULL)`).join(' OR ')})`);

const finishMerge = defineStatement(`UPDATE company_merge AS m SET undone_at = NULL WHERE ${beingMade}`);

const countOf = (name: string) => `json_array_length(m.moved, '$.${name}')`;
const mergeColumns = `m.id, m.company_id, m.removed_company_id, m.removed ->> 'name' AS removed_name, m.removed ->> 'domain' AS removed_domain,
  ${countOf('people')} AS people, ${countOf('submissions')} AS submissions, ${countOf('deals')} AS deals, m.at, m.undone_at`;

/** The live merge of these two, and whether the one to be kept exists at all. */
const readMade = defineStatement(`
  SELECT ${mergeColumns}, EXISTS (SELECT 1 FROM company WHERE id = :keptId) AS kept_exists
  FROM (SELECT 1) LEFT JOIN company_merge m
    ON m.company_id = :keptId AND m.removed_company_id = :removedId AND m.undone_at IS NULL`);

/** The first result counts the merges made (0 or 1); the last is the merge as `toCompanyMerge` reads it, and `kept_exists`. */
export function mergeCompanyStatements(args: { keptId: number; removedId: number; now: number }): InStatement[] {
  const steps = [
    recordMerge,
    // Before the creation moves, since it asks which of the two came later.
    demoteCreation,
    // Before deals and proposals move: they read what the company is by then.
    mergeCompany,
    movePeople,
    moveSubmissions,
    moveDeals,
    moveProposals,
    joinSelections,
    leaveSelections,
    moveAliases,
    addAliases,
    deleteRemoved,
    takeOver,
    finishMerge,
    readMade,
  ];
  return steps.map((step) => step(args));
}

/**
 * Whether a merge can be undone now: once, within its time, and only while neither of its companies has been merged since. Holds until
 * the last statement marks it.
 */
const canUndo = `EXISTS (SELECT 1 FROM company_merge done WHERE done.id = :mergeId AND done.undone_at IS NULL AND done.at >= :since
  AND NOT EXISTS (SELECT 1 FROM company_merge later WHERE later.company_id = done.company_id
    AND later.id > done.id AND later.undone_at IS NULL)
  AND EXISTS (SELECT 1 FROM company WHERE id = done.company_id))`;

const made = `(SELECT * FROM company_merge WHERE id = :mergeId)`;
const movedList = (name: string) =>
  `(SELECT entry.value FROM company_merge, json_each(company_merge.moved, '$.${name}') entry WHERE company_merge.id = :mergeId)`;
const movedPeople = `(SELECT entry.value ->> 'id' FROM company_merge, json_each(company_merge.moved, '$.people') entry WHERE company_merge.id = :mergeId)`;

/** A value that no other company has, neither as its own nor as an alias. */
const freeValue = ({ value, column, kind, except }: { value: string; column: string; kind: string; except: string }) =>
  `(SELECT ${value} WHERE NOT EXISTS (SELECT 1 FROM company taken WHERE taken.${column} = ${value} AND taken.id <> ${except})
    AND NOT EXISTS (SELECT 1 FROM company_alias taken WHERE taken.kind = '${kind}' AND taken.value = ${value} AND taken.company_id <> ${except}))`;
const kindOf: Record<string, string> = { domain: 'domain', registration_number: 'registrationNumber' };

/** What the merge filled or set goes back to what it was; what was changed by hand since then stays. */
const unmergeCompany = defineStatement(`
  UPDATE company SET
    ${names
      .map(
        (name) =>
          `${name} = iif(m.kept ->> 'name' IS m.kept ->> 'domain' AND company.name IS m.removed ->> 'name', m.kept ->> '${name}', company.${name})`,
      )
      .join(', ')},
    ${blanks
      .map(
        (name) =>
          `${name} = iif(m.kept ->> '${name}' IS NULL AND company.${name} IS m.removed ->> '${name}', NULL, company.${name})`,
      )
      .join(', ')},
    ${uniques
      .map(
        (name) =>
          `${name} = iif(company.${name} = m.removed ->> '${name}', ${freeValue({ value: `(m.kept ->> '${name}')`, column: name, kind: kindOf[name]!, except: 'm.company_id' })}, company.${name})`,
      )
      .join(', ')},
    ${[...creation, ...source]
      .map((name) =>
        name === 'source_person_id'
          ? `${name} = ${livingPerson(`m.kept ->> '${name}'`)}`
          : `${name} = m.kept ->> '${name}'`,
      )
      .join(', ')},
    updated_at = iif(company.updated_at = m.at, m.kept ->> 'updated_at', :now)
  FROM ${made} m WHERE company.id = m.company_id AND ${canUndo}`);

const releaseAliases = defineStatement(`DELETE FROM company_alias WHERE merge_id = :mergeId AND ${canUndo}`);

const restored = (name: string): string => {
  if (name === 'owner_id') return `(SELECT id FROM owner WHERE id = m.removed ->> 'owner_id')`;
  if (name === 'category_id') return `(SELECT id FROM category WHERE id = m.removed ->> 'category_id')`;
  if (name === 'source_person_id') return livingPerson(`m.removed ->> 'source_person_id'`);
  return kindOf[name] === undefined
    ? `m.removed ->> '${name}'`
    : freeValue({
        value: `(m.removed ->> '${name}')`,
        column: name,
        kind: kindOf[name],
        except: 'm.removed_company_id',
      });
};
const restoreRemoved = defineStatement(`
  INSERT INTO company (${companyColumns.join(', ')}) SELECT ${companyColumns.map(restored).join(', ')}
  FROM ${made} m WHERE ${canUndo}`);

/** Aliases that earlier merges had given the removed company, and those merged into it. */
const returnAliases = defineStatement(`
  UPDATE company_alias SET company_id = (SELECT removed_company_id FROM ${made})
  WHERE company_id = (SELECT company_id FROM ${made}) AND ${canUndo} AND merge_id IN (
    WITH RECURSIVE was (id) AS (SELECT removed_company_id FROM ${made} UNION
      SELECT m.removed_company_id FROM company_merge m JOIN was ON m.company_id = was.id WHERE m.undone_at IS NULL AND m.id <> :mergeId)
    SELECT m.id FROM company_merge m JOIN was ON m.company_id = was.id WHERE m.undone_at IS NULL AND m.id <> :mergeId)`);

/** Notes the people whom nothing has changed since the merge: their last change is the one before it again. */
const noteUnchanged = defineStatement(`
  UPDATE company_merge AS m SET moved = json_set(m.moved, '$.unchanged', json((SELECT json_group_array(json(entry.value))
    FROM json_each(m.moved, '$.people') entry JOIN person p ON p.id = entry.value ->> 'id'
    WHERE p.company_id = m.company_id AND p.updated_at = m.at)))
  WHERE m.id = :mergeId AND ${canUndo}`);

/** An erased person's number is below zero. */
const returnPeople = defineStatement(`
  UPDATE person SET company_id = (SELECT removed_company_id FROM ${made}), updated_at = :now
  WHERE id IN (SELECT id FROM (SELECT entry.value ->> 'id' AS id FROM company_merge m, json_each(m.moved, '$.people') entry WHERE m.id = :mergeId)
      UNION ALL SELECT -(entry.value ->> 'id') FROM company_merge m, json_each(m.moved, '$.people') entry WHERE m.id = :mergeId)
    AND company_id = (SELECT company_id FROM ${made}) AND ${canUndo}`);

/** After the event of the change, which tells when it was. */
const restoreTimes = defineStatement(`
  UPDATE person SET updated_at = entry.value ->> 'updatedAt'
  FROM company_merge m, json_each(m.moved, '$.unchanged') entry
  WHERE m.id = :mergeId AND person.id = entry.value ->> 'id' AND ${canUndo}`);

/** People who have been merged into others since come back to the company that they were at. */
const returnMergedPeople = defineStatement(`
  UPDATE person_merge SET removed = json_set(removed, '$.company_id', (SELECT removed_company_id FROM ${made}))
  WHERE removed_person_id IN ${movedPeople} AND undone_at IS NULL
    AND removed ->> 'company_id' = (SELECT company_id FROM ${made}) AND ${canUndo}`);

const returnSubmissions = defineStatement(`
  UPDATE submission SET company_id = (SELECT removed_company_id FROM ${made})
  WHERE id IN ${movedList('submissions')} AND company_id = (SELECT company_id FROM ${made}) AND ${canUndo}`);

const promoteCreation = defineStatement(
  `UPDATE submission SET created_company = 1 WHERE id IN ${movedList('demoted')} AND ${canUndo}`,
);

const returnDeals = defineStatement(`
  UPDATE deal SET company_id = (SELECT removed_company_id FROM ${made})
  WHERE id IN ${movedList('deals')} AND company_id = (SELECT company_id FROM ${made}) AND ${canUndo}`);

/** A proposal that the merge or its undoing made outdated waits again; one that was decided since is decided. */
const waitsAgain = `was.state = 'pending' AND category_proposal.state = 'outdated'
  AND category_proposal.decided_at IN (was.at, (SELECT updated_at FROM company WHERE id = was.company_id))`;
const returnProposals = defineStatement(`
  UPDATE category_proposal SET company_id = was.removed_company_id,
    state = iif(${waitsAgain}, 'pending', category_proposal.state),
    decided_at = iif(${waitsAgain}, NULL, category_proposal.decided_at)
  FROM (SELECT m.company_id, m.removed_company_id, m.at, entry.value ->> 'id' AS id, entry.value ->> 'state' AS state
    FROM company_merge m, json_each(m.moved, '$.proposals') entry WHERE m.id = :mergeId) was
  WHERE category_proposal.id = was.id AND category_proposal.company_id = was.company_id AND ${canUndo}`);

const reviveProposal = defineStatement(`
  UPDATE category_proposal SET state = 'pending', decided_at = NULL
  WHERE id IN ${movedList('outdated')} AND state = 'outdated' AND decided_at = (SELECT at FROM ${made})
    AND NOT EXISTS (SELECT 1 FROM category_proposal own WHERE own.company_id = category_proposal.company_id AND own.state = 'pending')
    AND ${canUndo}`);

const returnSelections = defineStatement(`
  INSERT INTO selection_member (selection_id, member_id, added_at)
  SELECT s.id, m.removed_company_id, entry.value ->> 'addedAt'
  FROM company_merge m, json_each(m.moved, '$.memberships') entry
  JOIN selection s ON s.id = entry.value ->> 'selectionId'
  WHERE m.id = :mergeId AND ${canUndo}
  ON CONFLICT DO NOTHING`);

const leaveAdded = defineStatement(`
  DELETE FROM selection_member WHERE member_id = (SELECT company_id FROM ${made})
    AND selection_id IN ${movedList('added')} AND ${canUndo}`);

const markUndone = defineStatement(`UPDATE company_merge SET undone_at = :now WHERE id = :mergeId AND ${canUndo}`);

const readMerge = defineStatement(`
  SELECT ${mergeColumns}, EXISTS (SELECT 1 FROM company_merge later WHERE later.undone_at IS NULL AND later.id > m.id
      AND (later.company_id = m.company_id OR later.removed_company_id = m.company_id)) AS merged_since
  FROM company_merge m WHERE m.id = :mergeId`);

/** The last result but one counts the merges undone (0 or 1); the last is the merge, if there is one. */
export function undoCompanyMergeStatements(args: { mergeId: number; now: number; since: number }): InStatement[] {
  const steps = [
    unmergeCompany,
    releaseAliases,
    restoreRemoved,
    returnAliases,
    noteUnchanged,
    returnPeople,
    restoreTimes,
    returnMergedPeople,
    returnSubmissions,
    promoteCreation,
    returnDeals,
    returnProposals,
    reviveProposal,
    returnSelections,
    leaveAdded,
    markUndone,
    readMerge,
  ];
  return steps.map((step) => step(args));
}

/** Merges that led to a company, also those of the companies merged into it. */
export const mergesOfCompany = (companyId: number) =>
  sql`${companyMerge.companyId} IN (WITH RECURSIVE was (id) AS (SELECT ${companyId} UNION
    SELECT m.removed_company_id FROM company_merge m JOIN was ON m.company_id = was.id WHERE m.undone_at IS NULL)
    SELECT id FROM was)`;

/** @param more further columns. */
export function selectCompanyMerges<More extends Partial<RecordsOfPage['position']>>(
  db: Database,
  more: More = {} as More,
) {
  const lengthOf = (name: string) => sql.raw(`json_array_length(company_merge.moved, '$.${name}')`).mapWith(Number);
  return db
    .select({
      ...more,
      id: companyMerge.id,
      companyId: companyMerge.companyId,
      removedCompanyId: companyMerge.removedCompanyId,
      removedName: sql<string>`${companyMerge.removed} ->> 'name'`.as('removed_name'),
      removedDomain: sql<string | null>`${companyMerge.removed} ->> 'domain'`.as('removed_domain'),
      people: lengthOf('people').as('people'),
      submissions: lengthOf('submissions').as('submissions'),
      deals: lengthOf('deals').as('deals'),
      at: companyMerge.at,
      undoneAt: companyMerge.undoneAt,
    })
    .from(companyMerge);
}

/** A merge as the API shows it. */
export type CompanyMergeView = {
  id: string;
  company: { id: string };
  /** As it was called, and known by. */
  removedCompany: { id: string; name: string; domain: string | null };
  /** How many records changed hands. */
  moved: { people: number; submissions: number; deals: number };
  at: string;
  undoneAt: string | null;
} & UndoTerms;

type MergeRow = {
  id: number;
  companyId: number;
  removedCompanyId: number;
  removedName: string;
  removedDomain: string | null;
  people: number;
  submissions: number;
  deals: number;
  at: number;
  undoneAt: number | null;
};

/** Reads the last result of `mergeCompanyStatements` and `undoCompanyMergeStatements`. */
export function toCompanyMerge(row: Row): CompanyMergeView {
  return toCompanyMergeView({
    id: Number(row['id']),
    companyId: Number(row['company_id']),
    removedCompanyId: Number(row['removed_company_id']),
    removedName: row['removed_name'] as string,
    removedDomain: row['removed_domain'] as string | null,
    people: Number(row['people']),
    submissions: Number(row['submissions']),
    deals: Number(row['deals']),
    at: Number(row['at']),
    undoneAt: row['undone_at'] === null ? null : Number(row['undone_at']),
  });
}

export function toCompanyMergeView(row: MergeRow): CompanyMergeView {
  const { people, submissions, deals } = row;
  return {
    id: String(row.id),
    company: { id: String(row.companyId) },
    removedCompany: { id: String(row.removedCompanyId), name: row.removedName, domain: row.removedDomain },
    moved: { people, submissions, deals },
    at: toIso(row.at),
    undoneAt: toIsoOrNull(row.undoneAt),
    ...undoTerms('companyMerge', row.at),
  };
}
