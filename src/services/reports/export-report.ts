import { csvFormatRow } from 'd3-dsv';
import type { ReportAnswer } from '../../domain/reports/assemble-report.ts';
import type { FlatReport } from '../../domain/reports/flat-report.ts';
import { noteText } from '../../domain/reports/notes.ts';
import { reportTable } from '../../domain/reports/report-table.ts';
import type { Cell } from '../../domain/reports/report-table.ts';
import type { Label } from '../../domain/segments/fields.ts';
import { showHosts } from '../../domain/hosts/shown-hosts.ts';
import { harmless } from '../export-pages.ts';

/** A report as CSV for people: heads in a language, with the rest, the totals and the notes. */
export function reportCsv(answer: ReportAnswer, language: keyof Label): string {
  const { columns, rows, other, totals } = reportTable(answer, language);
  const notes = answer.notes.map((note) => [noteText(note, language)]);
  return toCsv([
    columns.map(({ head }) => head),
    ...[...rows, ...(other ? [other] : []), totals, ...notes].map(toCells),
  ]);
}

/** A report as CSV for programs: heads are field names, every line is a row. */
export function flatReportCsv({ columns, rows }: FlatReport): string {
  return toCsv([columns, ...rows.map((row) => toCells(columns.map((name) => row[name] ?? null)))]);
}

/** Safe in spreadsheets: with a byte order mark, lines ending as RFC 4180 says. */
const toCsv = (lines: string[][]): string => `\uFEFF${lines.map((line) => `${csvFormatRow(line)}\r\n`).join('')}`;

const toCells = (line: Cell[]): string[] => line.map(toCell);

function toCell(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'number' ? String(cell) : harmless(showHosts(cell));
}
