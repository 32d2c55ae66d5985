import { csvFormatRow } from 'd3-dsv';
import type { ReportAnswer } from '../domain/reports/assemble-report.ts';
import { reportTable } from '../domain/reports/report-table.ts';
import type { Cell } from '../domain/reports/report-table.ts';
import type { Label } from '../domain/segments/fields.ts';
import { harmless } from './export-segment.ts';

/** A report as CSV, safe in spreadsheets: with a byte order mark, lines ending as RFC 4180 says. */
export function reportCsv(answer: ReportAnswer, language: keyof Label): string {
  const { columns, rows, other, totals } = reportTable(answer, language);
  const lines = [...rows, ...(other ? [other] : []), totals].map((line) => line.map(toCell));
  return `\uFEFF${[columns.map(({ head }) => head), ...lines].map((line) => `${csvFormatRow(line)}\r\n`).join('')}`;
}

function toCell(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'number' ? String(cell) : harmless(cell);
}
