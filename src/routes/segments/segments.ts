import * as z from 'zod';
import { invalidInput } from '../../domain/errors.ts';
import { acceptedFormat } from '../../http/operation.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { criteriaInput, segmentItem, segmentQuery } from '../../http/segment-schema.ts';
import { countSegmentBranches } from '../../services/segments/count-segment.ts';
import { exportFormats, exportTypes } from '../../services/export-pages.ts';
import { exportSegment } from '../../services/segments/export-segment.ts';
import { runSegment } from '../../services/segments/run-segment.ts';

const queryBody = segmentQuery.extend({
  format: z.enum(['json', ...exportFormats]).optional(),
  heads: z.enum(['names', 'labels']).default('names').describe('Heads of CSV'),
  /** Of labels as the heads of a CSV file. */
  language: z.enum(['en', 'no']).default('en'),
});

const defaultLimit = 50;

const countsBody = segmentQuery.pick({ entity: true, timeZone: true }).extend({ where: criteriaInput });

const countsShape = z.object({
  count: z.number().int().describe('Records in all'),
  counts: z
    .array(
      z.object({
        location: z.string().describe('Place: where.all[1].any[0]'),
        count: z.number().int().nullable().describe('Records left here; null: too many'),
      }),
    )
    .describe('The tree, then each line'),
});

/** People, companies, submissions, deals and touches by criteria. */
export function addSegmentRoutes(api: Api): void {
  api.define(
    {
      method: 'post',
      path: '/segments/counts',
      summary: 'Counts records by lines of criteria',
      scope: 'read',
      body: countsBody,
      response: countsShape,
    },
    async ({ deps, actor, body: { entity, where, timeZone } }) =>
      countSegmentBranches({ ...deps, viewer: actor }, { entity, where, timeZone: timeZone ?? undefined }),
  );

  api.define(
    {
      method: 'post',
      path: '/segments/query',
      summary: 'Finds records by criteria',
      scope: 'read',
      body: queryBody,
      response: pageOf(segmentItem),
    },
    async ({ c, deps: own, actor, body }) => {
      const deps = { ...own, viewer: actor };
      const { format = acceptedFormat(c), heads, language, entity, limit, cursor, count, columns, sort, where } = body;
      const timeZone = body.timeZone ?? undefined;
      const query = { entity, where, columns, sort, timeZone };
      if (format === 'json') {
        return runSegment(deps, { ...query, limit: limit ?? defaultLimit, cursor, count: count ?? false });
      }
      const misplaced = (['cursor', 'count'] as const).filter((name) => body[name]);
      if (misplaced.length > 0) {
        throw invalidInput(
          misplaced.map((name) => ({
            location: `body.${name}`,
            message: 'A file has all records. Leave out limit, cursor and count.',
          })),
        );
      }
      const stream = await exportSegment(deps, { ...query, limit: limit ?? undefined }, { format, heads, language });
      return c.body(stream, 200, {
        'content-type': exportTypes[format],
        'content-disposition': `attachment; filename="${entity}.${format}"`,
        'cache-control': 'no-store',
      });
    },
  );
}
