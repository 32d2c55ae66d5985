import { eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { reportList, reportRows } from '../../db/lists/report-list.ts';
import { savedReport } from '../../db/schema/saved-reports.ts';
import { notFound } from '../../domain/errors.ts';
import { toIso } from '../../domain/iso-time.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import type { ReportInput } from '../../domain/reports/parse-report.ts';
import { findPreset, presets } from '../../domain/reports/presets.ts';
import type { Label } from '../../domain/segments/fields.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';

export { reportList };

/** A report that can be run by its id: one that is there from the start, or one that somebody saved. */
export type ReportDefinition = {
  id: string;
  kind: 'preset' | 'saved';
  name: Label;
  description: Label | null;
  query: ReportInput;
  createdAt: string | null;
  updatedAt: string | null;
};

type SavedRow = typeof savedReport.$inferSelect;

export function toDefinition({ id, name, query, createdAt, updatedAt }: SavedRow): ReportDefinition {
  return {
    id: String(id),
    kind: 'saved',
    name: { en: name, no: name },
    description: null,
    query: query as ReportInput,
    createdAt: toIso(createdAt),
    updatedAt: toIso(updatedAt),
  };
}

const ofPresets: ReportDefinition[] = presets.map((preset) => ({
  ...preset,
  kind: 'preset',
  createdAt: null,
  updatedAt: null,
}));

/** A report by its id. A preset is known without asking the database. @throws KildeError `not_found`. */
export async function readReportDefinition({ db }: { db: Database }, id: string): Promise<ReportDefinition> {
  const preset = findPreset(id) && ofPresets.find((one) => one.id === id);
  if (preset) return preset;
  if (!/^[1-9]\d{0,14}$/.test(id)) throw notFound('report');
  const [row] = await db
    .select()
    .from(savedReport)
    .where(eq(savedReport.id, Number(id)));
  if (!row) throw notFound('report');
  return toDefinition(row);
}

/** Presets, then saved reports, the oldest first. */
export function listReportDefinitions(context: ListContext, query: ListQuery): PreparedList<ReportDefinition> {
  return prepareList(context, {
    list: reportList,
    query,
    records: ({ where, orderBy, position }) =>
      context.db
        .select({
          id: sql<string>`report.id`,
          name: sql<string>`report.name_en`,
          query: sql<string | null>`report.query`,
          createdAt: sql<number | null>`report.created_at`,
          updatedAt: sql<number | null>`report.updated_at`,
          ...position,
        })
        .from(reportRows)
        .where(where)
        .orderBy(...orderBy),
    toItem: ({ id, name, query: stored, createdAt, updatedAt }) =>
      stored === null
        ? ofPresets.find((one) => one.id === id)!
        : toDefinition({
            id: Number(id),
            name,
            query: JSON.parse(stored) as Record<string, unknown>,
            createdAt: createdAt!,
            updatedAt: updatedAt!,
          }),
  });
}
