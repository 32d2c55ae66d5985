import { csvFormatRow } from 'd3-dsv';
import { showHosts, toShownJson } from '../domain/hosts/shown-hosts.ts';
import { tooMuchForDatabase } from '../db/too-much-for-database.ts';

export const exportFormats = ['csv', 'ndjson'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const exportTypes: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

const rowsAtOnce = 1_000;

type PageRead<Item, After> = { items: Item[]; next: After | null };
type Write<Item> = (items: Item[], isFirst: boolean) => string;

/**
 * All items as a stream that reads a page when the one before has been taken: nothing is gathered. The first page is read before this
 * answers, so that bad input is refused. A fault later on breaks the stream off.
 */
export async function exportPages<Item, After>({
  readPage,
  limit,
  write,
}: {
  readPage: (page: { after: After | null; limit: number }) => Promise<PageRead<Item, After>>;
  /** The most items; unset, all. */
  limit: number | null | undefined;
  write: Write<Item>;
}): Promise<ReadableStream<Uint8Array>> {
  let left = limit ?? Infinity;
  let rowsNow = rowsAtOnce;
  /** Rows that are too large together are read in smaller pages. */
  const read = async (after: After | null): Promise<PageRead<Item, After>> => {
    try {
      return await readPage({ after, limit: Math.min(rowsNow, left) });
    } catch (error) {
      if (rowsNow === 1 || !tooMuchForDatabase(error)) throw error;
      rowsNow = Math.ceil(rowsNow / 4);
      return read(after);
    }
  };
  const first = await read(null);
  const encoder = new TextEncoder();

  let page: PageRead<Item, After> | null = null;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const isFirst = page === null;
      const now: PageRead<Item, After> = page === null ? first : await read(page.next);
      page = now;
      left -= now.items.length;
      const text = write(now.items, isFirst);
      if (text !== '') controller.enqueue(encoder.encode(text));
      if (now.next === null || left <= 0) controller.close();
    },
  });
}

export const writeNdjson: Write<unknown> = (items) => items.map((item) => `${toShownJson(item)}\n`).join('');

type CellValue = string | number | boolean | null | { name: string };

/** With a byte order mark, without which spreadsheets read UTF-8 as something else; lines end as RFC 4180 says. */
export function csvWriter<Item extends Record<string, CellValue>>({
  names,
  heads,
}: {
  names: readonly string[];
  heads: readonly string[];
}): Write<Item> {
  const toText = (lines: string[][]) => lines.map((line) => `${csvFormatRow(line)}\r\n`).join('');
  return (items, isFirst) => {
    const rows = items.map((item) => names.map((name) => toCell(item[name] ?? null)));
    return isFirst ? `\uFEFF${toText([heads.map(harmless), ...rows])}` : toText(rows);
  };
}

function toCell(value: CellValue): string {
  if (value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return harmless(showHosts(typeof value === 'string' ? value : value.name));
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
