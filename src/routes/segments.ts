import * as z from 'zod';
import { invalidInput } from '../domain/errors.ts';
import { acceptedFormat } from '../http/operation.ts';
import type { Api } from '../http/operation.ts';
import { pageOf } from '../http/paging.ts';
import { segmentItem, segmentQuery } from '../http/segment-schema.ts';
import { exportFormats, exportTypes } from '../services/export-pages.ts';
import { exportSegment } from '../services/export-segment.ts';
import { runSegment } from '../services/run-segment.ts';

const queryBody = segmentQuery.extend({
  format: z.enum(['json', ...exportFormats]).optional(),
  heads: z
    .enum(['names', 'labels'])
    .default('names')
    .describe('Heads of a CSV file: names of fields, or what people call them'),
  /** Of labels as the heads of a CSV file. */
  language: z.enum(['en', 'no']).default('en'),
});

const defaultLimit = 50;

/** People, companies, submissions, deals and touches by criteria. */
export function addSegmentRoutes(api: Api): void {
  api.define(
    {
      method: 'post',
      path: '/segments/query',
      summary: 'Finds records by a criteria tree: pages, counts, sorts, picks columns; streams CSV and NDJSON',
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
            message: 'An export is whole: it has no pages and no count.',
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
