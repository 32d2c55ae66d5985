import { csvFormatRow } from 'd3-dsv';
import { tooMuchForDatabase } from '../db/too-much-for-database.ts';
import { findField } from '../db/segments/fields.ts';
import type { SegmentPosition } from '../db/segments/paging.ts';
import type { SegmentRow, SegmentValue } from '../db/segments/select.ts';
import type { Label } from '../domain/segments/fields.ts';
import { prepareSegment } from './run-segment.ts';
import type { PreparedSegment, SegmentContext, SegmentOptions, SegmentQuery } from './run-segment.ts';

export const exportFormats = ['csv', 'ndjson'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const exportTypes: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

const rowsAtOnce = 1_000;

/**
 * All the records that criteria hold for, as a stream that reads a page when the one before has been taken: nothing is gathered.
 * The first page is read before this answers, so that bad input is told. A fault later on breaks the stream off.
 * @throws KildeError `invalid_input`.
 */
export async function exportSegment(
  context: SegmentContext,
  query: Omit<SegmentQuery, 'limit' | 'cursor' | 'count'> & { limit?: number | undefined },
  { format, language, ...options }: SegmentOptions & { format: ExportFormat; language: keyof Label },
): Promise<ReadableStream<Uint8Array>> {
  const segment = await prepareSegment(context, query, options);
  let left = query.limit ?? Infinity;
  let rowsNow = rowsAtOnce;
  /** Rows that are too large together are read in smaller pages. */
  const read = async (after: SegmentPosition | null): ReturnType<typeof segment.readPage> => {
    try {
      return await segment.readPage({ after, limit: Math.min(rowsNow, left) });
    } catch (error) {
      if (rowsNow === 1 || !tooMuchForDatabase(error)) throw error;
      rowsNow = Math.ceil(rowsNow / 4);
      return read(after);
    }
  };
  const first = await read(null);
  const write = format === 'csv' ? csvWriter(segment, language) : ndjsonWriter;
  const encoder = new TextEncoder();

  let page: Awaited<ReturnType<typeof read>> | null = null;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const isFirst = page === null;
      const now: Awaited<ReturnType<typeof read>> = page === null ? first : await read(page.next);
      page = now;
      left -= now.items.length;
      const text = write(now.items, isFirst);
      if (text !== '') controller.enqueue(encoder.encode(text));
      if (now.next === null || left <= 0) controller.close();
    },
  });
}

type Write = (items: SegmentRow[], isFirst: boolean) => string;

const ndjsonWriter: Write = (items) => items.map((item) => `${JSON.stringify(item)}\n`).join('');

/** With a byte order mark, without which spreadsheets read UTF-8 as something else; lines end as RFC 4180 says. */
function csvWriter({ entity, columns }: PreparedSegment, language: keyof Label): Write {
  const names = [...new Set(['id', ...columns])];
  const heads = names.map((name) => findField(entity, name)!.label[language]);
  const toText = (lines: string[][]) => lines.map((line) => `${csvFormatRow(line)}\r\n`).join('');
  return (items, isFirst) => {
    const rows = items.map((item) => names.map((name) => toCell(item[name] ?? null)));
    return isFirst ? `\uFEFF${toText([heads, ...rows])}` : toText(rows);
  };
}

function toCell(value: SegmentValue): string {
  if (value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return harmless(typeof value === 'string' ? value : value.name);
}

/**
 * A text that no spreadsheet takes for a formula, behind an apostrophe where it could be one: OWASP, CSV injection.
 * The full-width forms count, since some programs read them as the plain ones; and so does what follows a semicolon or a
 * line break, where a cell begins for whoever's list separator is the semicolon.
 */
export function harmless(text: string): string {
  const parted = text.replace(/([;\t\r\n]\s*)(?=[=+\-@＝＋－＠])/g, "$1'");
  return /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/.test(parted) ? `'${parted}` : parted;
}
