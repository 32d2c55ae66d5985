import { findField } from '../../db/segments/fields.ts';
import type { Label } from '../../domain/segments/fields.ts';
import { csvWriter, exportPages, writeNdjson } from '../export-pages.ts';
import type { ExportFormat } from '../export-pages.ts';
import { prepareSegment } from './run-segment.ts';
import type { SegmentContext, SegmentQuery } from './run-segment.ts';

/**
 * All the records that criteria hold for, as a stream.
 * @throws KildeError `invalid_input`.
 */
export async function exportSegment(
  context: SegmentContext,
  query: Omit<SegmentQuery, 'limit' | 'cursor' | 'count'> & { limit?: number | undefined },
  { format, heads = 'names', language }: { format: ExportFormat; heads?: 'names' | 'labels'; language: keyof Label },
): Promise<ReadableStream<Uint8Array>> {
  const segment = await prepareSegment(context, query);
  const { entity, columns, readPage } = segment;
  const names = [...new Set(['id', ...columns])];
  const shown = heads === 'names' ? names : names.map((name) => findField(entity, name)!.label[language]);
  const write = format === 'csv' ? csvWriter({ names, heads: shown }) : writeNdjson;
  return exportPages({ readPage, limit: query.limit, write });
}
