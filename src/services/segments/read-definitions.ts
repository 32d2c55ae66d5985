import { asc, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import type { CompileSelection } from '../../db/segments/compile.ts';
import { selectionCompiler } from '../../db/segments/compile-selection.ts';
import type { SelectionsRead } from '../../db/segments/compile-selection.ts';
import { selection } from '../../db/schema/people.ts';
import { selectionReference } from '../../db/schema/selections.ts';
import type { Viewer } from '../../db/segments/check-values.ts';
import type { Criteria } from '../../domain/segments/criteria.ts';
import type { Entity } from '../../domain/segments/fields.ts';
import { boundsExceededBy, referencesIn } from '../../domain/segments/selections.ts';
import type {
  SelectionDefinition,
  SelectionDefinitions,
  SelectionEntity,
  SelectionRule,
} from '../../domain/segments/selections.ts';
import { readSettings } from '../change-settings.ts';
import type { ServiceContext } from '../service-context.ts';

export type SelectionRow = typeof selection.$inferSelect;

export type { Viewer };
/** What a use case works with that shows selections: private ones are shown to some alone. */
export type SelectionContext = ServiceContext & { viewer: Viewer };

/** Whether a selection is shown to whoever asks: `isVisibleIn` of a row that was read. */
export function isVisibleTo(row: Pick<SelectionRow, 'visibility' | 'keyId' | 'ownerId'>, viewer: Viewer): boolean {
  const { visibility, keyId, ownerId } = row;
  if (visibility === 'shared' || viewer.isAdmin) return true;
  return (keyId !== null && keyId === viewer.id) || (ownerId !== null && ownerId === viewer.ownerId);
}

/**
 * Selections and all they are made of, in one round trip.
 * @param usersOf reads also those that are made of this one, near and far, with all they are made of.
 */
export function selectDefinitions(db: Database, { ids, usersOf = null }: { ids: number[]; usersOf?: number | null }) {
  const users = sql`SELECT ${usersOf} WHERE ${usersOf} IS NOT NULL
    UNION SELECT r.selection_id FROM ${selectionReference} r JOIN users ON r.uses_id = users.id`;
  const used = sql`SELECT value FROM json_each(${JSON.stringify(ids)}) UNION SELECT id FROM users
    UNION SELECT r.uses_id FROM ${selectionReference} r JOIN used ON r.selection_id = used.id`;
  return db
    .select()
    .from(selection)
    .where(
      sql`${selection.id} IN (WITH RECURSIVE users (id) AS (${users}), used (id) AS (${used}) SELECT id FROM used)`,
    )
    .orderBy(asc(selection.id));
}

export function toDefinition(row: SelectionRow): SelectionDefinition {
  return { id: row.id, name: row.name, entity: row.entity, rule: ruleOf(row) };
}

export function ruleOf({ kind, where, firstId, secondId, operator }: SelectionRow): SelectionRule {
  if (kind === 'dynamic') return { kind, where: where! };
  if (kind === 'combined') return { kind, firstId: firstId!, secondId: secondId!, operator: operator! };
  return { kind };
}

export function toDefinitions(rows: SelectionRow[]): Map<number, SelectionDefinition> {
  return new Map(rows.map((row) => [row.id, toDefinition(row)]));
}

/** The moment and the time zone that the days in a selection's criteria are counted in: the default site's. */
export async function readSelectionNow({ clock, settings }: Pick<ServiceContext, 'clock' | 'settings'>) {
  const { defaultSite } = await readSettings({ settings });
  return { at: clock(), timeZone: defaultSite.timeZone };
}

type Named = { where: Criteria; entity: Entity; location?: string };

/**
 * How the selections that criteria name find their members: one round trip, and none where none is named.
 * @throws KildeError `too_expensive` where they are made of more than a query may ask.
 */
export async function readSelectionCompiler(
  context: Pick<ServiceContext, 'db' | 'clock' | 'settings'>,
  named: Named,
): Promise<CompileSelection | undefined> {
  return (await readDefinitionsNamed(context, named))?.compileSelection;
}

/** The same, with the definitions themselves. */
export async function readDefinitionsNamed(
  context: Pick<ServiceContext, 'db' | 'clock' | 'settings'>,
  { where, entity, location = 'where' }: Named,
): Promise<{ definitions: SelectionDefinitions; compileSelection: CompileSelection } | undefined> {
  const named = referencesIn(where, { entity });
  if (named.length === 0) return undefined;
  const [rows, now] = await Promise.all([
    selectDefinitions(context.db, { ids: named.map(({ id }) => id) }),
    readSelectionNow(context),
  ]);
  const read: SelectionsRead = { definitions: toDefinitions(rows), now };
  // The query counts as one more dynamic selection: all that it asks together has a bound.
  const query: SelectionDefinition = {
    id: 0,
    name: '',
    entity: entity as SelectionEntity,
    rule: { kind: 'dynamic', where },
  };
  const exceeded = boundsExceededBy(0, new Map([...read.definitions, [0, query]]), { location });
  if (exceeded) throw exceeded;
  return { definitions: read.definitions, compileSelection: selectionCompiler(read) };
}
