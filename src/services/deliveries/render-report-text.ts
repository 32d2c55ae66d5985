import { oneLine } from '../../domain/one-line.ts';
import type { ReportAnswer } from '../../domain/reports/assemble-report.ts';
import { noteText } from '../../domain/reports/notes.ts';
import { reportTable } from '../../domain/reports/report-table.ts';
import type { Cell, Column, ReportTable } from '../../domain/reports/report-table.ts';
import { showHosts } from '../../domain/hosts/shown-hosts.ts';
import type { Label } from '../../domain/segments/fields.ts';

type Language = keyof Label;
export type Rendered = { answer: ReportAnswer; name: string; language: Language };

export const words = {
  en: {
    all: 'All time',
    until: 'up to',
    more: 'more rows',
    attached: 'in the attached file',
    compared: 'compared with',
    attribution: 'Attribution',
    empty: 'Nothing in this period.',
  },
  no: {
    all: 'All tid',
    until: 'til og med',
    more: 'rader til',
    attached: 'i vedlegget',
    compared: 'sammenlignet med',
    attribution: 'Attribusjon',
    empty: 'Ingenting i denne perioden.',
  },
} as const;

const locales = { en: 'en-GB', no: 'nb-NO' } as const;

/** The table without what only says how sure its numbers are. */
export function briefTable(answer: ReportAnswer, language: Language): ReportTable {
  const { columns, rows, other, totals } = reportTable(answer, language);
  const kept = columns.map(({ isDetail }) => !isDetail);
  const brief = <T>(cells: T[]): T[] => cells.filter((_, n) => kept[n]);
  return { columns: brief(columns), rows: rows.map(brief), other: other && brief(other), totals: brief(totals) };
}

export function periodText({ query }: ReportAnswer, language: Language): string {
  const period = query['period'] as { from: string | null; to: string } | null;
  if (!period) return words[language].all;
  const format = new Intl.DateTimeFormat(locales[language], { dateStyle: 'medium', timeZone: 'UTC' });
  const to = new Date(`${period.to}T00:00:00Z`);
  if (period.from === null) return `${words[language].until} ${format.format(to)}`;
  return format.formatRange(new Date(`${period.from}T00:00:00Z`), to);
}

export function cellText(cell: Cell, { kind, currency }: Column, language: Language): string {
  if (cell === null) return kind === 'dimension' ? '' : '–';
  const locale = locales[language];
  if (kind === 'money' && currency !== null) {
    // Text keeps the digits of an amount past what a number holds.
    const format = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'code' });
    return format.format(cell as Intl.StringNumericLiteral);
  }
  if (typeof cell === 'string') return showHosts(cell);
  switch (kind) {
    case 'share':
      return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(cell);
    case 'dimension':
    case 'count':
    case 'money':
    case 'days':
    case 'ratio':
      return new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(cell);
  }
}

/** What stands below a table that was cut; null where it was not. */
export function cutNote({
  left,
  hasFile,
  language,
}: {
  left: number;
  hasFile: boolean;
  language: Language;
}): string | null {
  const { more, attached } = words[language];
  return left > 0 ? `+ ${left} ${more}${hasFile ? ` ${attached}` : ''}` : null;
}

/**
 * A report as plain text: its name, its period, and a table with at most `maxRows` rows.
 * @param hasFile whether a file with all rows goes with it.
 */
export function reportText({
  answer,
  name,
  language,
  maxRows,
  hasFile,
}: Rendered & { maxRows: number; hasFile: boolean }): string {
  const { columns, rows, other, totals } = briefTable(answer, language);
  const written = (cells: Cell[]) => cells.map((cell, n) => cellText(cell, columns[n]!, language));
  const shown = rows.slice(0, maxRows);
  const lines = [
    columns.map(({ head }) => head),
    ...shown.map(written),
    ...(other ? [written(other)] : []),
    written(totals),
  ];
  const widths = columns.map((_, n) => Math.min(40, Math.max(...lines.map((line) => line[n]!.length))));
  const drawn = lines.map((line) =>
    line
      .map((cell, n) => {
        const text = cell.length > 40 ? `${cell.slice(0, 39)}…` : cell;
        return columns[n]!.kind === 'dimension' ? text.padEnd(widths[n]!) : text.padStart(widths[n]!);
      })
      .join('  ')
      .trimEnd(),
  );
  const cut = cutNote({ left: rows.length - shown.length, hasFile, language });
  return [
    oneLine(name),
    periodText(answer, language),
    '',
    ...(rows.length === 0 ? [words[language].empty] : drawn),
    ...(cut === null ? [] : ['', cut]),
    ...(answer.notes.length > 0 ? ['', ...answer.notes.map((note) => noteText(note, language))] : []),
  ].join('\n');
}
