import type { Database } from '../../../db/client.ts';
import {
  countMovedPoints,
  countRecordsOfOrigins,
  countTouchesOfOrigins,
  selectExamples,
} from '../../../db/queries/attribution/reclassifications.ts';
import { movablePoints, reclassificationCounts } from '../../../domain/attribution/reclassification.ts';
import type { MovablePoint } from '../../../domain/attribution/reclassification.ts';
import { sentFields } from '../../../domain/attribution/origin-fields.ts';
import { rulesVersion } from '../../../domain/attribution/rules-version.ts';
import { toIso } from '../../../domain/iso-time.ts';
import { planChanges, readRulesInForce } from './plan-changes.ts';
import type { Described, OriginChange, PlannedPage } from './plan-changes.ts';

export type RecordCounts = Record<(typeof reclassificationCounts)[number], number>;
export type MovedPoints = Record<MovablePoint, number>;

/** Values that origins of one group have in common, before and after. */
const groupFields = ['channel', 'source', 'medium', 'referrerDomain'] as const;
const isGroupField = (field: string): boolean => (groupFields as readonly string[]).includes(field);
type GroupValues = Pick<Described, (typeof groupFields)[number]>;

export type ChangeGroup = {
  before: GroupValues;
  after: GroupValues;
  /** Further values that are none by today's rules, such as `campaign`. */
  removed: string[];
  counts: RecordCounts;
  examples: Array<{ personId: string; at: string; landingPage: string | null }>;
};

export type ReclassificationPreview = {
  rulesVersion: number;
  changes: RecordCounts;
  movedPoints: MovedPoints;
  /** Origins whose source goes by the host of the referrer, of which the domain alone is stored: the domain stands for it. */
  hostUnknown: { origins: number; touches: number };
  groupCount: number;
  /** The largest ones, by their touches. */
  groups: ChangeGroup[];
};

const originsAtOnce = 1_000;
const countedAtOnce = 200;
const maxGroups = 100;

type Group = Omit<ChangeGroup, 'examples'> & { largest: { id: number; touches: number } };

/** What applying today's rules to all stored origins would change. Stores nothing. */
export async function previewReclassification({ db }: { db: Database }): Promise<ReclassificationPreview> {
  const rules = await readRulesInForce(db);
  const groups = new Map<string, Group>();
  const total = noRecords();
  const hostUnknown = { origins: 0, touches: 0 };
  const ranks: Array<[number, number, number]> = [];
  for (let page: PlannedPage | null = null; !page?.isLast;) {
    page = await planChanges(db, {
      rules,
      afterId: page?.reachedId ?? 0,
      lastOriginId: rules.lastOriginId,
      limit: originsAtOnce,
    });
    for (let start = 0; start < page.changes.length; start += countedAtOnce) {
      const changes = page.changes.slice(start, start + countedAtOnce);
      for (const [place, counts] of (await countChanges(db, changes)).entries()) {
        add(total, counts);
        addToGroup(groups, { change: changes[place]!, counts });
      }
    }
    if (page.hostUnknownIds.length > 0) {
      const { rows } = await db.$client.execute(countTouchesOfOrigins({ ids: JSON.stringify(page.hostUnknownIds) }));
      hostUnknown.origins += page.hostUnknownIds.length;
      hostUnknown.touches += Number(rows[0]!['touches']);
    }
    for (const { id, rankBefore, rankAfter } of page.changes) {
      if (rankBefore !== rankAfter) ranks.push([id, rankAfter, rankBefore]);
    }
  }
  const largest = [...groups.values()].toSorted((a, b) => b.counts.touches - a.counts.touches).slice(0, maxGroups);
  return {
    rulesVersion,
    changes: total,
    movedPoints: await countMoved(db, ranks),
    hostUnknown,
    groupCount: groups.size,
    groups: await withExamples(db, largest),
  };
}

/** What names each origin that changes, in the order of the changes. */
export async function countChanges(db: Database, changes: readonly OriginChange[]): Promise<RecordCounts[]> {
  if (changes.length === 0) return [];
  const ids = JSON.stringify(changes.map(({ id }) => id));
  const { rows } = await db.$client.execute(countRecordsOfOrigins({ ids }));
  return rows.map(
    (row) => Object.fromEntries(reclassificationCounts.map((name) => [name, Number(row[name])])) as RecordCounts,
  );
}

export function noRecords(): RecordCounts {
  return Object.fromEntries(reclassificationCounts.map((name) => [name, 0])) as RecordCounts;
}

export function add(total: RecordCounts, counts: RecordCounts): void {
  for (const name of reclassificationCounts) total[name] += counts[name];
}

function addToGroup(
  groups: Map<string, Group>,
  { change: { id, before, after }, counts }: { change: OriginChange; counts: RecordCounts },
): void {
  const removed = sentFields.filter((field) => !isGroupField(field) && before[field] !== after[field]);
  const [was, is] = [groupValues(before), groupValues(after)];
  const name = JSON.stringify([was, is, removed]);
  const group = groups.get(name) ?? {
    before: was,
    after: is,
    removed,
    counts: noRecords(),
    largest: { id, touches: -1 },
  };
  groups.set(name, group);
  add(group.counts, counts);
  if (counts.touches > group.largest.touches) group.largest = { id, touches: counts.touches };
}

function groupValues(described: Described): GroupValues {
  return Object.fromEntries(groupFields.map((field) => [field, described[field]])) as GroupValues;
}

async function countMoved(db: Database, ranks: ReadonlyArray<[number, number, number]>): Promise<MovedPoints> {
  const moved = { firstTouch: 0, leadCreation: 0, conversion: 0 };
  if (!ranks.some(([, after, before]) => after < before)) return moved;
  const args = { ranks: JSON.stringify(ranks) };
  const results = await db.$client.batch(
    movablePoints.map((point) => countMovedPoints[point](args)),
    'read',
  );
  for (const [place, point] of movablePoints.entries()) moved[point] = Number(results[place]!.rows[0]!['count']);
  return moved;
}

async function withExamples(db: Database, groups: readonly Group[]): Promise<ChangeGroup[]> {
  if (groups.length === 0) return [];
  const ids = JSON.stringify(groups.map(({ largest }) => largest.id));
  const { rows } = await db.$client.execute(selectExamples({ ids }));
  return groups.map(({ largest: _largest, ...group }, place) => {
    const examples = JSON.parse(rows[place]!['examples'] as string) as Array<{
      personId: string;
      at: number;
      landingPage: string | null;
    }>;
    return { ...group, examples: examples.map((example) => ({ ...example, at: toIso(example.at) })) };
  });
}
