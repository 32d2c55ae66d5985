import type { InStatement } from '@libsql/client/http';
import { storeValuesSql, valueId } from '../../fragments/intern-origins.ts';
import { groupFields, originFields, sentFields } from '../../../domain/attribution/origin-fields.ts';
import type { OriginField } from '../../../domain/attribution/origin-fields.ts';
import { movablePoints, reclassificationCounts } from '../../../domain/attribution/reclassification.ts';
import type { MovablePoint } from '../../../domain/attribution/reclassification.ts';
import { defineStatement } from '../../statement.ts';
import type { StatementArgs } from '../../statement.ts';
import { versionHolds } from './intern-origins.ts';

const columnsOf = (fields: readonly OriginField[]): string[] => fields.map((field) => originFields[field].column);
/** What an arrival shows, as columns of an origin. Lists of ids and of texts are in this order. */
const columnNames = columnsOf(sentFields);
const idsOf = (row: string): string => `json_array(${columnNames.map((name) => `${row}.${name}`).join(', ')})`;
/** @param ids the SQL of each value's id. */
const textsOf = (ids: readonly string[]): string =>
  `json_array(${ids.map((id) => `(SELECT canonical FROM origin_value WHERE id = ${id})`).join(', ')})`;

/** True for the one transaction of a step, in the state that the step was prepared for. */
const isTurn = `EXISTS (SELECT 1 FROM reclassification WHERE id = :id AND step = :step AND state = :state)`;
const isTurnOfRules = `${isTurn} AND ${versionHolds}`;

/** A key by which nothing finds an origin: arrivals of today get one of their own, so that undoing leaves theirs alone. */
const ownKey = `'reread:' || origin.id`;

/** Starts one unless another is applied or undone at this moment. */
export const startReclassification = defineStatement(`
  INSERT INTO reclassification (id, at, state, rules_version, last_origin_id, last_value_id, last_group_id, cursor, counts)
  SELECT :id, :at, 'applying', :rulesVersion, coalesce((SELECT max(id) FROM origin), 0),
    coalesce((SELECT max(id) FROM origin_value), 0), coalesce((SELECT max(id) FROM origin_group), 0), :cursor, :counts
  WHERE NOT EXISTS (SELECT 1 FROM reclassification WHERE state IN ('applying', 'undoing'))
  RETURNING *`);

/** Starts undoing the newest one that is applied. */
export const startUndo = defineStatement(`
  UPDATE reclassification SET state = 'undoing', step = step + 1 WHERE id = :id AND state = 'applied'
    AND NOT EXISTS (SELECT 1 FROM reclassification later WHERE later.id <> reclassification.id AND later.state <> 'undone'
      AND (later.at, later.id) > (reclassification.at, reclassification.id))
    AND NOT EXISTS (SELECT 1 FROM reclassification WHERE state IN ('applying', 'undoing'))
  RETURNING *`);

/** An annotation of what the statement before has started: `changes()` counts the rows it changed. */
export const noteIfStarted = defineStatement(
  `INSERT INTO annotation (day, text, automatic, kind, details, created_at)
    SELECT :day, :text, 1, :kind, '{}', :at WHERE changes() = 1`,
);

/** Origins in order: as they were stored first, and as they are now; texts are JSON lists in the order of `sentFields`. */
export const selectStoredOrigins = defineStatement(`
  SELECT o.id, o.site_id, o.click_id_name, o.rules_version, (SELECT canonical FROM origin_value WHERE id = o.channel_id) AS channel,
    ${textsOf(columnNames.map((name, place) => `coalesce(o.evidence ->> ${place}, o.${name})`))} AS stored,
    ${textsOf(columnNames.map((name) => `o.${name}`))} AS present
  FROM origin o WHERE o.id > :afterId AND o.id <= :lastOriginId ORDER BY o.id LIMIT :limit`);

const countOf: Record<(typeof reclassificationCounts)[number], string> = {
  origins: '1',
  touches: '(SELECT count(*) FROM touch WHERE origin_id = i.value)',
  visits: 'coalesce((SELECT sum(visits) FROM visit_day WHERE origin_id = i.value), 0)',
  firstTouches: '(SELECT count(*) FROM person WHERE first_touch_origin_id = i.value)',
  leadCreations: '(SELECT count(*) FROM person WHERE lead_creation_origin_id = i.value)',
  submissions: '(SELECT count(*) FROM submission WHERE origin_id = i.value)',
  companies: '(SELECT count(*) FROM company WHERE lead_creation_origin_id = i.value)',
  deals: dealsOf(''),
  wonDeals: dealsOf(` AND d.status = 'won'`),
};

/** Deals by lead creation: through their person, else through their company. */
function dealsOf(condition: string): string {
  return `((SELECT count(*) FROM person p JOIN deal d ON d.person_id = p.id WHERE p.lead_creation_origin_id = i.value${condition})
    + (SELECT count(*) FROM company c JOIN deal d ON d.company_id = c.id WHERE c.lead_creation_origin_id = i.value AND d.person_id IS NULL${condition}))`;
}

/** What names each of some origins: a row for each, in the order of `ids`. */
export const countRecordsOfOrigins = defineStatement(`
  SELECT ${reclassificationCounts.map((name) => `${countOf[name]} AS ${name}`).join(', ')} FROM json_each(:ids) i ORDER BY i.key`);

export const countTouchesOfOrigins = defineStatement(
  `SELECT coalesce(sum(${countOf.touches}), 0) AS touches FROM json_each(:ids) i`,
);

/** Some touches of each of some origins, as JSON, in the order of `ids`. */
export const selectExamples = defineStatement(`
  SELECT (SELECT json_group_array(json_object('personId', CAST(t.person_id AS text), 'at', t.at, 'landingPage', t.page))
    FROM (SELECT touch.person_id, touch.at, (SELECT label FROM origin_value WHERE id = touch.landing_page_id) AS page
      FROM touch WHERE touch.origin_id = i.value AND touch.person_id > 0 ORDER BY touch.person_id LIMIT 3) t) AS examples
  FROM json_each(:ids) i ORDER BY i.key`);

/** A new value was first seen when what it was read from was. */
const firstSeen = `coalesce((SELECT min(first_seen_at) FROM origin_value
  WHERE id IN (SELECT e.value FROM json_each(v.value -> 'readFrom') o JOIN origin ON origin.id = o.value,
    json_each(${idsOf('origin')}) e WHERE e.value <> 0)), :at)`;

const rewriteOrigins = [
  storeValuesSql({ values: `(SELECT iif(${isTurnOfRules}, :values, '[]'))`, at: firstSeen }),
  `INSERT INTO reclassified_origin (reclassification_id, origin_id, "before", evidence_before, channel_before, channel_after, says_less)
    SELECT :id, origin.id, ${idsOf('origin')}, origin.evidence, origin.channel_id, ${valueId('channel', "c.value ->> 'channel'")},
      c.value ->> 'saysLess'
    FROM json_each(:changes) c JOIN origin ON origin.id = c.value ->> 'id' WHERE ${isTurnOfRules}`,
  // A change of the channel alone leaves the origin where arrivals of today find it.
  `UPDATE origin SET key = iif(c.key IS NULL, origin.key, ${ownKey}),
      read_as = coalesce(c.key, origin.read_as),
      evidence = iif(c.key IS NULL, origin.evidence, coalesce(origin.evidence, ${idsOf('origin')})),
      ${columnNames.map((name, place) => `${name} = ${valueId(sentFields[place]!, `c.texts ->> ${place}`)}`).join(', ')},
      channel_id = ${valueId('channel', 'c.channel')}
    FROM (SELECT value ->> 'id' AS id, value ->> 'key' AS key, value -> 'texts' AS texts, value ->> 'channel' AS channel
      FROM json_each(:changes)) c
    WHERE origin.id = c.id AND ${isTurnOfRules}`,
].map(defineStatement);

/** The next step's turn. No row comes back where this one had none: nothing was written. */
const nextStep = (condition: string, counts = ':counts') =>
  defineStatement(`UPDATE reclassification SET step = step + 1, cursor = :cursor, counts = ${counts}
    WHERE id = :id AND step = :step AND state = :state AND ${condition} RETURNING *`);
const originsDone = nextStep(versionHolds);

/** Gives origins other values and another channel, and keeps those they had. The last result is the reclassification. */
export function rewriteStatements(args: StatementArgs): InStatement[] {
  return [...rewriteOrigins, originsDone].map((statement) => statement(args));
}

const saying = (says: 'origin' | 'detail') =>
  columnsOf(sentFields.filter((field) => originFields[field].says === says));

/** How much an origin says of where visitors came from: as `rankStored` of the domain. */
const rankOf = (row: string): string => `iif(${saying('origin')
  .map((column) => `${row}.${column} = 0`)
  .join(' AND ')} AND ${row}.click_id_name IS NULL,
  ${saying('detail')
    .map((column) => `${row}.${column} <> 0`)
    .join(' OR ')}, 2)`;

/** A point as columns: of which table, which touch it names, and which touches it may name instead. */
type PointColumns = {
  table: 'person' | 'submission';
  origin: string;
  at: string;
  landingPage: string;
  personId: string;
  /** When the record came to be: the index of each origin goes by it. */
  time: string;
  /** Which touches `t` of the person the rules choose from, and in which order among those that say equally much. */
  among: string;
  order: string;
  /** The column of a company's source that is the same point. */
  companyPoint?: string | undefined;
};

const withinLookBack = (time: string): string =>
  `t.at <= ${time} AND t.at >= ${time} - 86400000 * (SELECT look_back_days FROM site WHERE id = was.site_id)`;
const ofPerson = (prefix: string) => ({
  table: 'person' as const,
  origin: `${prefix}_origin_id`,
  at: `${prefix}_at`,
  landingPage: `${prefix}_landing_page_id`,
  personId: 'id',
  time: 'created_at',
  companyPoint: prefix,
});

/** As `firstTouch` and `originInForce` of the domain choose: the first touch is the earliest, the others are the latest in look-back. */
const points: Record<MovablePoint, PointColumns> = {
  firstTouch: { ...ofPerson('first_touch'), among: 't.at <= r.lead_creation_at', order: 't.at, t.id' },
  leadCreation: { ...ofPerson('lead_creation'), among: withinLookBack('r.created_at'), order: 't.at DESC, t.id DESC' },
  conversion: {
    table: 'submission',
    origin: 'origin_id',
    at: 'touch_at',
    landingPage: 'landing_page_id',
    personId: 'person_id',
    time: 'at',
    among: withinLookBack('r.at'),
    order: 't.at DESC, t.id DESC',
  },
};

const byPoint = <T>(make: (columns: PointColumns, point: MovablePoint) => T): Record<MovablePoint, T> =>
  Object.fromEntries(movablePoints.map((point) => [point, make(points[point], point)])) as Record<MovablePoint, T>;

/** How much an origin would say: sets are looked up by an index that is made once, which a join with the list would not be. */
const rankIn = (row: string): string =>
  `CASE ${[2, 1, 0]
    .map((rank) => `WHEN ${row}.id IN (SELECT id FROM ranked WHERE rank = ${rank}) THEN ${rank}`)
    .join(' ')} ELSE ${rankOf(row)} END`;

/**
 * Points that would name another touch if origins ranked as `ranks` says: JSON `[[originId, rank, rankBefore], …]` of those that rank
 * otherwise than now.
 */
export const countMovedPoints = byPoint(({ table, origin, personId, among }) =>
  defineStatement(`
  WITH ranked(id, rank, was) AS MATERIALIZED (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(:ranks))
  SELECT count(*) AS count FROM ranked less CROSS JOIN origin was ON was.id = less.id CROSS JOIN ${table} r ON r.${origin} = less.id
  WHERE less.rank < less.was AND EXISTS (SELECT 1 FROM touch t JOIN origin x ON x.id = t.origin_id
    WHERE t.person_id = r.${personId} AND ${among} AND ${rankIn('x')} > less.rank)`),
);

/** Records whose point names an origin that says less now: the next ones in order of origin, time and id. */
export const selectRecordsOfPoint = byPoint(({ table, origin, time }) =>
  defineStatement(`
  SELECT origin_id, id, at FROM (SELECT :originId AS origin_id, id, ${time} AS at FROM ${table}
    WHERE ${origin} = :originId AND (${time}, id) > (:afterAt, :afterId) ORDER BY ${time}, id LIMIT :limit)
  UNION ALL SELECT * FROM (SELECT l.origin_id, r.id, r.${time} FROM reclassified_origin l CROSS JOIN ${table} r ON r.${origin} = l.origin_id
    WHERE l.reclassification_id = :id AND l.origin_id > :originId AND l.says_less ORDER BY l.origin_id, r.${time}, r.id LIMIT :limit)
  LIMIT :limit`),
);

const moveStatements = byPoint(({ table, origin, at, landingPage, personId, among, order, companyPoint }, point) =>
  [
    `INSERT INTO reclassified_point (reclassification_id, point, record_id, origin_before, at_before, landing_page_before,
        origin_after, at_after, landing_page_after, company_id)
      SELECT :id, '${point}', r.id, r.${origin}, r.${at}, r.${landingPage}, t.origin_id, t.at, t.landing_page_id, ${
        companyPoint
          ? `(SELECT c.id FROM company c WHERE c.source_person_id = r.id AND c.${companyPoint}_origin_id = r.${origin} AND c.${companyPoint}_at = r.${at})`
          : 'NULL'
      }
      FROM json_each(:ids) i CROSS JOIN ${table} r ON r.id = i.value JOIN origin was ON was.id = r.${origin}
      JOIN reclassified_origin l ON l.reclassification_id = :id AND l.origin_id = was.id AND l.says_less
      JOIN touch t ON t.id = (SELECT t.id FROM touch t JOIN origin x ON x.id = t.origin_id
        WHERE t.person_id = r.${personId} AND ${among} AND ${rankOf('x')} > ${rankOf('was')} ORDER BY ${rankOf('x')} DESC, ${order} LIMIT 1)
      WHERE ${isTurn} ON CONFLICT DO NOTHING`,
    // What the statement before has written.
    `UPDATE reclassification SET counts = json_set(counts, '$.${point}', counts ->> '${point}' + changes()) WHERE id = :id AND ${isTurn}`,
    ...pointUpdates({ table, origin, at, landingPage, companyPoint }, 'after').map(
      (update) =>
        `${update} AND m.reclassification_id = :id AND m.point = '${point}' AND m.record_id IN (SELECT CAST(value AS text) FROM json_each(:ids)) AND ${isTurn}`,
    ),
  ].map(defineStatement),
);

/** Lets points name the touch of before or after, where they name the other one. An erased person's number is below zero. */
function pointUpdates(
  {
    table,
    origin,
    at,
    landingPage,
    companyPoint,
  }: Pick<PointColumns, 'table' | 'origin' | 'at' | 'landingPage' | 'companyPoint'>,
  to: 'before' | 'after',
): string[] {
  const from = to === 'after' ? 'before' : 'after';
  const isRecord =
    table === 'person'
      ? 'person.id IN (CAST(m.record_id AS integer), -CAST(m.record_id AS integer))'
      : 'submission.id = m.record_id';
  const updates = [
    `UPDATE ${table} SET ${origin} = m.origin_${to}, ${at} = m.at_${to}, ${landingPage} = m.landing_page_${to}
      FROM reclassified_point m WHERE ${isRecord} AND ${table}.${origin} = m.origin_${from} AND ${table}.${at} = m.at_${from}`,
  ];
  if (companyPoint) {
    updates.push(`UPDATE company SET ${companyPoint}_origin_id = m.origin_${to}, ${companyPoint}_at = m.at_${to},
        ${companyPoint}_landing_page_id = m.landing_page_${to}
      FROM reclassified_point m WHERE company.id = m.company_id AND company.${companyPoint}_origin_id = m.origin_${from}
        AND company.${companyPoint}_at = m.at_${from}`);
  }
  return updates;
}

const pointsDone = nextStep('true', 'counts');

/** Lets points of some records name another touch, where theirs says less than one that the rules would choose. */
export function movePointStatements(point: MovablePoint, args: StatementArgs): InStatement[] {
  return [...moveStatements[point], pointsDone].map((statement) => statement(args));
}

export const finishReclassification = defineStatement(`
  UPDATE reclassification SET state = 'applied', step = step + 1, finished_at = :at
  WHERE id = :id AND step = :step AND state = 'applying' RETURNING *`);

export const selectMovedPoints = byPoint((_columns, point) =>
  defineStatement(
    `SELECT record_id FROM reclassified_point WHERE reclassification_id = :id AND point = '${point}' ORDER BY record_id LIMIT :limit`,
  ),
);

const restoreStatements = byPoint((columns, point) =>
  [
    ...pointUpdates(columns, 'before').map(
      (update) =>
        `${update} AND m.reclassification_id = :id AND m.point = '${point}' AND m.record_id IN (SELECT value FROM json_each(:ids)) AND ${isTurn}`,
    ),
    `DELETE FROM reclassified_point WHERE reclassification_id = :id AND point = '${point}'
      AND record_id IN (SELECT value FROM json_each(:ids)) AND ${isTurn}`,
  ].map(defineStatement),
);
const stepDone = defineStatement(
  `UPDATE reclassification SET step = step + 1 WHERE id = :id AND step = :step AND state = :state RETURNING *`,
);

/** Lets points name the touch that they named before, unless they have been changed since. */
export function restorePointStatements(point: MovablePoint, args: StatementArgs): InStatement[] {
  return [...restoreStatements[point], stepDone].map((statement) => statement(args));
}

/** Origins that are to be restored, with the texts of the values they had. */
export const selectRewrittenOrigins = defineStatement(`
  SELECT r.origin_id AS id, o.site_id, o.click_id_name,
    (SELECT count(*) FROM (SELECT 1 FROM touch WHERE origin_id = o.id LIMIT 300)) AS touches,
    ${textsOf(columnNames.map((_name, place) => `r."before" ->> ${place}`))} AS texts
  FROM reclassified_origin r JOIN origin o ON o.id = r.origin_id WHERE r.reclassification_id = :id ORDER BY r.origin_id LIMIT :limit`);

/** The key that an origin had is its own again, unless an arrival of today has made another origin of that key. */
const keyIsFree = `c.evidence IS NULL AND NOT EXISTS (SELECT 1 FROM origin other WHERE other.key = c.key AND other.id <> origin.id)`;
const restoreOrigins = [
  `UPDATE origin SET key = CASE WHEN ${keyIsFree} THEN c.key ELSE ${ownKey} END,
      read_as = CASE WHEN ${keyIsFree} THEN NULL ELSE c.key END,
      evidence = CASE WHEN ${keyIsFree} THEN NULL ELSE coalesce(c.evidence, c."before") END,
      ${columnNames.map((name, place) => `${name} = coalesce(c."before" ->> ${place}, 0)`).join(', ')},
      channel_id = iif(channel_id = c.channel_after, c.channel_before, channel_id)
    FROM (SELECT r.origin_id, r."before", r.evidence_before AS evidence, r.channel_before, r.channel_after, k.value ->> 'key' AS key
      FROM json_each(:changes) k JOIN reclassified_origin r ON r.reclassification_id = :id AND r.origin_id = k.value ->> 'id') c
    WHERE origin.id = c.origin_id AND c."before" <> ${idsOf('origin')} AND ${isTurn}`,
  // Where the channel alone was changed, the origin's key and evidence are its own.
  `UPDATE origin SET channel_id = r.channel_before
    FROM reclassified_origin r WHERE r.reclassification_id = :id AND r.origin_id IN (SELECT value ->> 'id' FROM json_each(:changes))
      AND origin.id = r.origin_id AND origin.channel_id = r.channel_after AND ${isTurn}`,
  `DELETE FROM reclassified_origin WHERE reclassification_id = :id
    AND origin_id IN (SELECT value ->> 'id' FROM json_each(:changes)) AND ${isTurn}`,
].map(defineStatement);

/** Gives origins the values and the channel they had; a channel that was changed since stays. */
export function restoreOriginStatements(args: StatementArgs): InStatement[] {
  return [...restoreOrigins, stepDone].map((statement) => statement(args));
}

/** Groups of origins that came after the reclassification began, some at a time: asking who has one can take long. */
export const selectNewGroups = defineStatement(
  `SELECT id FROM origin_group WHERE id > :afterId ORDER BY id LIMIT :limit`,
);
const forgetGroups =
  defineStatement(`DELETE FROM origin_group WHERE id IN (SELECT value FROM json_each(:ids)) AND ${isTurn}
  AND NOT EXISTS (SELECT 1 FROM origin o WHERE ${columnsOf(groupFields)
    .map((column) => `o.${column} = origin_group.${column}`)
    .join(' AND ')})`);
const groupsDone = nextStep('true', 'counts');

/** Deletes those groups that no origin has any more. */
export function forgetGroupStatements(args: StatementArgs): InStatement[] {
  return [forgetGroups, groupsDone].map((statement) => statement(args));
}

/** The fields of which a reclassification brings values. */
export const readFields = ['source', 'medium', 'channel'] as const;
const readColumns = columnsOf(readFields);
const finishUndo = [
  // What was left of origins that have been deleted meanwhile.
  `DELETE FROM reclassified_origin WHERE reclassification_id = :id AND ${isTurn}`,
  // Values that the reclassification brought and nothing has any more.
  `DELETE FROM origin_value WHERE id > (SELECT last_value_id FROM reclassification WHERE id = :id) AND alias_of IS NULL
    AND field IN (${readFields.map((field) => `'${field}'`).join(', ')}) AND ${isTurn}
    AND ${readColumns.map((column) => `NOT EXISTS (SELECT 1 FROM origin o WHERE o.${column} = origin_value.id)`).join(' AND ')}
    AND id NOT IN (${readColumns.map((column) => `SELECT ${column} FROM origin_group`).join(' UNION ')})
    AND NOT EXISTS (SELECT 1 FROM origin_value other WHERE other.alias_of = origin_value.id)
    AND (field, canonical) NOT IN (SELECT field, to_canonical FROM alias)`,
  `UPDATE reclassification SET state = 'undone', step = step + 1, undone_at = :at
    WHERE id = :id AND step = :step AND state = :state RETURNING *`,
].map(defineStatement);

export function finishUndoStatements(args: StatementArgs): InStatement[] {
  return finishUndo.map((statement) => statement(args));
}
