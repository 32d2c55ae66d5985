import { inArray } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { savedReport } from '../../../db/schema/saved-reports.ts';
import type { Tile } from '../../../domain/reports/dashboard-tiles.ts';
import { invalidInput, KildeError } from '../../../domain/errors.ts';
import type { InputError } from '../../../domain/errors.ts';
import type { ReportInput } from '../../../domain/reports/parse-report.ts';
import { findPreset } from '../../../domain/reports/presets.ts';
import type { Label } from '../../../domain/segments/fields.ts';
import { checkReport } from '../run-report.ts';
import type { ServiceContext } from '../../service-context.ts';

/** A report that tiles name. */
export type NamedReport = { id: string; name: Label; query: ReportInput };

/** Reports by their ids: presets are known, saved ones are read in one round trip where there are any. */
export async function readNamedReports(
  db: Database,
  tiles: readonly Pick<Tile, 'reportId'>[],
): Promise<Map<string, NamedReport>> {
  const ids = [...new Set(tiles.flatMap(({ reportId }) => reportId ?? []))];
  const known = new Map<string, NamedReport>(
    ids.flatMap((id) => findPreset(id) ?? []).map((preset) => [preset.id, preset]),
  );
  const numbers = ids.filter((id) => /^[1-9]\d{0,14}$/.test(id)).map(Number);
  if (numbers.length === 0) return known;
  const rows = await db.select().from(savedReport).where(inArray(savedReport.id, numbers));
  for (const { id, name, query } of rows) {
    known.set(String(id), { id: String(id), name: { en: name, no: name }, query: query as ReportInput });
  }
  return known;
}

/**
 * Checks the tiles of a dashboard as reports are checked.
 * @param stored the tiles that it has: a report of theirs that was deleted may stay.
 * @throws KildeError `invalid_input`, naming tile and place: `body.tiles[2].query.measures[0]`.
 */
export async function checkTiles(
  context: ServiceContext,
  { tiles, stored = [] }: { tiles: readonly Tile[]; stored?: readonly Tile[] },
): Promise<Map<string, NamedReport>> {
  const reports = await readNamedReports(context.db, tiles);
  const kept = new Set(stored.map(({ reportId }) => reportId));
  const errors: InputError[] = [];
  for (const [index, { reportId, query }] of tiles.entries()) {
    const location = `body.tiles[${index}]`;
    if ((reportId === undefined) === (query === undefined)) {
      errors.push({ location, message: `Tile ${index + 1} needs either reportId or query, and not both.` });
    } else if (reportId !== undefined && !reports.has(reportId) && !kept.has(reportId)) {
      const message = `Tile ${index + 1}: there is no report '${reportId.slice(0, 100)}'.`;
      errors.push({ location: `${location}.reportId`, message });
    } else if (query !== undefined) errors.push(...(await faultsOf(context, { query, index })));
  }
  if (errors.length > 0) throw invalidInput(errors);
  return reports;
}

async function faultsOf(
  context: ServiceContext,
  { query, index }: { query: Record<string, unknown>; index: number },
): Promise<InputError[]> {
  try {
    await checkReport(context, query as ReportInput);
    return [];
  } catch (error) {
    if (!(error instanceof KildeError)) throw error;
    const place = `body.tiles[${index}].query`;
    if (error.errors.length === 0) return [{ location: place, message: `Tile ${index + 1}: ${error.message}` }];
    return error.errors.map(({ location, message, ...rest }) => ({
      ...rest,
      location: `${place}.${location.replace(/^body\.?/, '')}`.replace(/\.$/, ''),
      message: `Tile ${index + 1}: ${message}`,
    }));
  }
}
