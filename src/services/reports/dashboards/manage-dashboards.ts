import { and, eq, getTableColumns, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { isVisibleIn } from '../../../db/segments/check-values.ts';
import { allDashboards, builtInNumber, dashboardList } from '../../../db/lists/dashboard-list.ts';
import type { RecordsOfPage } from '../../../db/lists/place-in-list.ts';
import { dashboard } from '../../../db/schema/boards.ts';
import { owner } from '../../../db/schema/people.ts';
import { builtInDashboard } from '../../../domain/reports/dashboard-tiles.ts';
import type { Tile } from '../../../domain/reports/dashboard-tiles.ts';
import { conflict, invalidInput, notFound } from '../../../domain/errors.ts';
import { toIso } from '../../../domain/iso-time.ts';
import type { ListQuery } from '../../../domain/lists/list-info.ts';
import type { Label } from '../../../domain/segments/fields.ts';
import type { Visibility } from '../../../domain/segments/selections.ts';
import type { Changes } from '../../changes.ts';
import { completeItems, prepareList } from '../../lists/prepare-list.ts';
import type { PreparedList } from '../../lists/prepare-list.ts';
import { isVisibleTo } from '../../segments/read-definitions.ts';
import type { SelectionContext, Viewer } from '../../segments/read-definitions.ts';
import { checkTiles, readNamedReports } from './tiles.ts';
import type { NamedReport } from './tiles.ts';

export { dashboardList };

/** So that everybody's dashboards are one page or a few. */
const maxDashboards = 500;
const maxNameLength = 200;

/** Whoever asks: private dashboards are shown to some alone, as private selections are. */
type Context = SelectionContext;

export type DashboardFields = {
  name: string;
  description: string | null;
  ownerId: number | null;
  visibility: Visibility;
  isDefault: boolean;
  tiles: Tile[];
};

/** `report` is null where the tile has a query, or its report was deleted. */
export type TileAnswer = Omit<Tile, 'title'> & { title: string | null; report: { id: string; name: Label } | null };

export type DashboardAnswer = {
  id: string;
  name: string;
  description: string | null;
  owner: { id: string; name: string } | null;
  visibility: Visibility;
  isDefault: boolean;
  builtIn: boolean;
  tiles: TileAnswer[];
  createdAt: string | null;
  updatedAt: string | null;
};

type Stored = typeof dashboard.$inferSelect;
export type DashboardRow = Stored & { ownerName: string | null };

function toAnswer(row: DashboardRow, reports: ReadonlyMap<string, NamedReport>): DashboardAnswer {
  const { id, name, description, ownerId, ownerName, visibility, isDefault, tiles, createdAt, updatedAt } = row;
  const builtIn = id === builtInNumber;
  return {
    id: builtIn ? builtInDashboard.id : String(id),
    name,
    description,
    owner: ownerId === null ? null : { id: String(ownerId), name: ownerName ?? '' },
    visibility,
    isDefault,
    builtIn,
    tiles: tiles.map((tile) => {
      const report = reports.get(tile.reportId ?? '');
      return { ...tile, title: tile.title ?? null, report: report ? { id: report.id, name: report.name } : null };
    }),
    createdAt: builtIn ? null : toIso(createdAt),
    updatedAt: builtIn ? null : toIso(updatedAt),
  };
}

/** As SQL, since the rows are not those of the table alone. */
const columns = Object.fromEntries(
  Object.entries(getTableColumns(dashboard)).map(([name, column]) => [name, sql`${column}`.mapWith(column)]),
) as unknown as { [Name in keyof Stored]: SQL<Stored[Name]> };

function selectDashboards<More extends Partial<RecordsOfPage['position']>>(db: Database, more: More = {} as More) {
  return db
    .select({
      ...columns,
      ownerName: sql<string | null>`(SELECT o.name FROM owner o WHERE o.id = ${dashboard.ownerId})`,
      ...more,
    })
    .from(allDashboards);
}

const isVisible = (viewer: Viewer): SQL => isVisibleIn(dashboard, viewer);

/** Dashboards, the newest first, and the built-in one. Saved reports that they name are read by a second request. */
export function listDashboards(context: Context, query: ListQuery): PreparedList<DashboardAnswer> {
  const { db, viewer } = context;
  const list = prepareList(context, {
    list: dashboardList,
    query,
    where: isVisible(viewer),
    records: ({ where, orderBy, position }) =>
      selectDashboards(db, position)
        .where(where)
        .orderBy(...orderBy),
    toItem: (row: DashboardRow) => row,
  });
  return completeItems(list, async (rows) => {
    const reports = await readNamedReports(
      db,
      rows.flatMap(({ tiles }) => tiles),
    );
    return rows.map((row) => toAnswer(row, reports));
  });
}

/** A dashboard by its id; `default` is the one that is shown first. @throws KildeError `not_found`. */
export async function findDashboard({ db, viewer }: Pick<Context, 'db' | 'viewer'>, id: string): Promise<DashboardRow> {
  const [row] = await selectDashboards(db).where(isNamed(id));
  if (!row || !isVisibleTo(row, viewer)) throw notFound('dashboard');
  return row;
}

/** @throws KildeError `not_found` of what can be no id. */
function isNamed(id: string): SQL {
  if (id === 'default') return eq(dashboard.isDefault, true);
  if (id === builtInDashboard.id) return sql`${dashboard.id} = ${sql.raw(String(builtInNumber))}`;
  if (!/^[1-9]\d{0,14}$/.test(id)) throw notFound('dashboard');
  return eq(dashboard.id, Number(id));
}

/** @throws KildeError `not_found`. */
export async function readDashboard(context: Context, id: string): Promise<DashboardAnswer> {
  const row = await findDashboard(context, id);
  return toAnswer(row, await readNamedReports(context.db, row.tiles));
}

const noOwner = (ownerId: number) =>
  invalidInput([{ location: 'body.ownerId', message: `There is no owner ${ownerId}.` }]);
const isOwnerKnown = (ownerId: number | null): SQL =>
  ownerId === null ? sql`1` : sql`EXISTS (SELECT 1 FROM ${owner} o WHERE o.id = ${ownerId})`;

/** The one that was made or changed is the only default. It stands behind the statement that changes it. */
const forgetOtherDefaults = (db: Database, kept: SQL) =>
  db
    .update(dashboard)
    .set({ isDefault: false, revision: sql`${dashboard.revision} + 1` })
    .where(sql`${dashboard.isDefault} AND ${dashboard.id} <> ${kept} AND changes() = 1`);

/** @throws KildeError `invalid_input` where not everybody could see what is shown to everybody first. */
function refusePrivateDefault({ isDefault, visibility }: Pick<DashboardFields, 'isDefault' | 'visibility'>): void {
  if (!isDefault || visibility === 'shared') return;
  const message = 'The default dashboard is shown to everybody: only a shared one can be it.';
  throw invalidInput([{ location: 'body.isDefault', message }]);
}

/** @throws KildeError `invalid_input`, naming the place; `conflict` where there are too many. */
export async function createDashboard(
  context: Context,
  {
    name,
    description = null,
    ownerId = context.viewer.ownerId ?? null,
    visibility = 'shared',
    isDefault = false,
    tiles,
  }: Changes<DashboardFields> & Pick<DashboardFields, 'name' | 'tiles'>,
): Promise<DashboardAnswer> {
  const { db, clock, viewer } = context;
  refusePrivateDefault({ isDefault, visibility });
  const reports = await checkTiles(context, { tiles });
  const at = clock();
  const own = sql`(SELECT max(id) FROM dashboard)`;
  const [[made], , [row], [state]] = await db.batch([
    db
      .insert(dashboard)
      .select(
        sql`SELECT NULL, ${name}, ${description}, ${ownerId}, ${visibility}, ${viewer.id}, ${Number(isDefault)}, ${JSON.stringify(tiles)}, 1, ${at}, ${at}
          WHERE (SELECT count(*) FROM dashboard) < ${maxDashboards} AND ${isOwnerKnown(ownerId)}`,
      )
      .returning({ id: dashboard.id }),
    forgetOtherDefaults(db, isDefault ? own : sql`${dashboard.id}`),
    selectDashboards(db).where(sql`${dashboard.id} = ${own}`),
    db.all<{ known: number }>(sql`SELECT ${isOwnerKnown(ownerId)} AS known`),
  ]);
  if (made && row) return toAnswer(row, reports);
  if (!state?.known) throw noOwner(ownerId!);
  throw conflict(`There are ${maxDashboards} dashboards already: delete some first.`);
}

/**
 * Changes a dashboard. What is left out stays.
 * @param refuseStale throws where whoever changes it has read another state of it.
 * @throws KildeError `not_found`; `invalid_input`; `conflict` of the built-in one, and where another change came first.
 */
export async function updateDashboard(
  context: Context,
  {
    id,
    changes,
    refuseStale,
  }: {
    id: string;
    changes: Changes<DashboardFields>;
    refuseStale?: ((current: DashboardAnswer) => Promise<void>) | undefined;
  },
): Promise<DashboardAnswer> {
  const { db, clock } = context;
  const stored = await findDashboard(context, id);
  if (stored.id === builtInNumber) throw conflict('The built-in dashboard cannot be changed: copy it first.');
  if (refuseStale) await refuseStale(toAnswer(stored, await readNamedReports(db, stored.tiles)));
  const { name, description, ownerId, visibility, isDefault, tiles } = { ...stored, ...definedIn(changes) };
  refusePrivateDefault({ isDefault, visibility });
  const reports = await checkTiles(context, { tiles, stored: stored.tiles });
  const isUnchanged = and(eq(dashboard.id, stored.id), eq(dashboard.revision, stored.revision));
  const isOwnerKept = ownerId === stored.ownerId ? sql`1` : isOwnerKnown(ownerId);
  const [written, , [row], [state]] = await db.batch([
    db
      .update(dashboard)
      .set({
        name,
        description,
        ownerId,
        visibility,
        isDefault,
        tiles,
        revision: stored.revision + 1,
        updatedAt: clock(),
      })
      .where(and(isUnchanged, isOwnerKept))
      .returning({ id: dashboard.id }),
    forgetOtherDefaults(db, isDefault ? sql`${stored.id}` : sql`${dashboard.id}`),
    selectDashboards(db).where(eq(dashboard.id, stored.id)),
    db.all<{ known: number }>(sql`SELECT ${isOwnerKept} AS known`),
  ]);
  if (!row) throw notFound('dashboard');
  if (!state?.known) throw noOwner(ownerId!);
  if (written.length === 0) throw conflict('This dashboard has changed meanwhile. Read it, and send the change again.');
  return toAnswer(row, reports);
}

function definedIn(changes: Changes<DashboardFields>): Partial<DashboardFields> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

/** A new dashboard with the tiles of another, of whoever copies it. @throws KildeError `not_found`, `conflict`. */
export async function copyDashboard(
  context: Context,
  { id, name, visibility }: { id: string; name?: string | undefined; visibility?: Visibility | undefined },
): Promise<DashboardAnswer> {
  const row = await findDashboard(context, id);
  const reports = await readNamedReports(context.db, row.tiles);
  const suffix = ' (copy)';
  return createDashboard(context, {
    name: name ?? `${row.name.slice(0, maxNameLength - suffix.length)}${suffix}`,
    description: row.description,
    ownerId: context.viewer.ownerId ?? row.ownerId,
    visibility: visibility ?? row.visibility,
    // A tile whose report is gone shows nothing that could be copied.
    tiles: row.tiles.filter(({ reportId }) => reportId === undefined || reports.has(reportId)),
  });
}

/** @throws KildeError `not_found`; `conflict` of the built-in one. */
export async function deleteDashboard({ db, viewer }: Context, id: string): Promise<void> {
  if (id === builtInDashboard.id) throw conflict('The built-in dashboard cannot be deleted.');
  if (id === 'default') throw conflict('Delete a dashboard by its own id.');
  const deleted = await db
    .delete(dashboard)
    .where(and(isNamed(id), isVisible(viewer)))
    .returning({ id: dashboard.id });
  if (deleted.length === 0) throw notFound('dashboard');
}
