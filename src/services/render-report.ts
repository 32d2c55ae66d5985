import type { ChatFormat } from '../db/schema/schedules.ts';
import { escapeHtml } from '../domain/escape-html.ts';
import type { ReportAnswer } from '../domain/reports/assemble-report.ts';
import { modelLabels } from '../domain/reports/models.ts';
import type { ReportModel } from '../domain/reports/models.ts';
import { reportTable } from '../domain/reports/report-table.ts';
import type { Cell, Column, ReportTable } from '../domain/reports/report-table.ts';
import type { Label } from '../domain/segments/fields.ts';
import { reportCsv } from './export-report.ts';
import { oneLine } from './notification-of.ts';
import type { Mail } from './send-mail.ts';

type Language = keyof Label;
type Rendered = { answer: ReportAnswer; name: string; language: Language };

/** Rows that a mail or a chat shows; the file holds all. */
const mailRows = 25;
const chatRows = 10;

const words = {
  en: {
    all: 'All time',
    more: 'more rows in the attached file',
    compared: 'compared with',
    attribution: 'Attribution',
    empty: 'Nothing in this period.',
  },
  no: {
    all: 'All tid',
    more: 'rader til i vedlegget',
    compared: 'sammenlignet med',
    attribution: 'Attribusjon',
    empty: 'Ingenting i denne perioden.',
  },
} as const;

const locales = { en: 'en-GB', no: 'nb-NO' } as const;

/** A report as a mail: a table that every mail program shows, a bar beside the first number, the whole as a CSV file. */
export function reportMail({ answer, name, language, dueAt }: Rendered & { dueAt: string }): Omit<Mail, 'to'> {
  const table = briefTable(answer, language);
  const file = `${
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'report'
  }-${dueAt.slice(0, 10)}.csv`;
  return {
    subject: oneLine(`${name} – ${periodText(answer, language)}`),
    text: textOf({ answer, table, name, language, rows: mailRows }),
    html: htmlOf({ answer, table, name, language }),
    attachments: [
      {
        disposition: 'attachment',
        filename: file,
        type: 'text/csv; charset=utf-8',
        content: toBase64(reportCsv(answer, language)),
      },
    ],
  };
}

/** A report as a chat message, in the form that the chat's incoming webhooks take. */
export function chatMessage({ answer, name, language, format }: Rendered & { format: ChatFormat }): unknown {
  const text = textOf({ answer, table: briefTable(answer, language), name, language, rows: chatRows });
  const [title, ...rest] = text.split('\n');
  const block = `\`\`\`\n${rest.join('\n').replaceAll('```', "'''").trim().slice(0, 2_800)}\n\`\`\``;
  switch (format) {
    case 'slack':
    case 'googleChat':
      return { text: `*${plainTitle(title!)}*\n${slackSafe(block)}` };
    case 'discord':
      return { content: `**${plainTitle(title!)}**\n${block.slice(0, 1_800)}`, allowed_mentions: { parse: [] } };
    case 'teams':
      return {
        type: 'message',
        attachments: [
          {
            contentType: 'application/vnd.microsoft.card.adaptive',
            content: {
              type: 'AdaptiveCard',
              version: '1.4',
              // Not TextBlock: it reads Markdown, and a visitor could name a source `[click](https://…)`.
              body: [
                richText({ text: title!, weight: 'Bolder', size: 'Medium' }),
                ...rest
                  .filter((line) => line !== '')
                  .map((line) => richText({ text: line.slice(0, 400), fontType: 'Monospace' })),
              ],
            },
          },
        ],
      };
  }
}

/** Slack and Google Chat read `<…>` and `&` as their own, mentions of everybody among them. */
const slackSafe = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const plainTitle = (text: string): string => slackSafe(text.replaceAll(/[*_`~@]/g, '').replaceAll('](', '] ('));

const richText = (run: { text: string; weight?: string; size?: string; fontType?: string }): unknown => ({
  type: 'RichTextBlock',
  spacing: 'Small',
  inlines: [{ type: 'TextRun', ...run }],
});

/** The table without what only says how sure its numbers are. */
function briefTable(answer: ReportAnswer, language: Language): ReportTable {
  const { columns, rows, other, totals } = reportTable(answer, language);
  const kept = columns.map(({ isDetail }) => !isDetail);
  const brief = <T>(cells: T[]): T[] => cells.filter((_, n) => kept[n]);
  return { columns: brief(columns), rows: rows.map(brief), other: other && brief(other), totals: brief(totals) };
}

function periodText({ query }: ReportAnswer, language: Language): string {
  const period = query['period'] as { from: string; to: string } | null;
  if (!period) return words[language].all;
  const format = new Intl.DateTimeFormat(locales[language], { dateStyle: 'medium', timeZone: 'UTC' });
  return format.formatRange(new Date(`${period.from}T00:00:00Z`), new Date(`${period.to}T00:00:00Z`));
}

function cellText(cell: Cell, { kind, currency }: Column, language: Language): string {
  if (cell === null) return kind === 'dimension' ? '' : '–';
  const locale = locales[language];
  if (kind === 'money' && currency !== null) {
    // Text keeps the digits of an amount past what a number holds.
    const format = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'code' });
    return format.format(cell as Intl.StringNumericLiteral);
  }
  if (typeof cell === 'string') return cell;
  switch (kind) {
    case 'share':
      return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(cell);
    default:
      return new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(cell);
  }
}

function textOf({
  answer,
  table,
  name,
  language,
  rows: most,
}: Rendered & { table: ReportTable; rows: number }): string {
  const { columns, rows, other, totals } = table;
  const written = (cells: Cell[]) => cells.map((cell, n) => cellText(cell, columns[n]!, language));
  const shown = rows.slice(0, most);
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
  const left = rows.length - shown.length;
  return [
    oneLine(name),
    periodText(answer, language),
    '',
    ...(rows.length === 0 ? [words[language].empty] : drawn),
    ...(left > 0 ? ['', `+ ${left} ${words[language].more}`] : []),
  ].join('\n');
}

const cellStyle = 'padding:7px 10px;border-bottom:1px solid #d9e4e0;vertical-align:top;';

/** Tables and inline styles alone, since mail programs know little more. */
function htmlOf({ answer, table, name, language }: Rendered & { table: ReportTable }): string {
  const { columns, rows, other, totals } = table;
  const text = words[language];
  const first = columns.findIndex(({ kind }) => kind !== 'dimension');
  const shown = rows.slice(0, mailRows);
  const most = Math.max(0, ...shown.map((row) => (typeof row[first] === 'number' ? row[first] : 0)));
  const bar = (value: Cell): string => {
    const share = typeof value === 'number' && most > 0 ? Math.round((Math.max(0, value) / most) * 80) : 0;
    return `<table role="presentation" cellpadding="0" cellspacing="0" width="80" style="width:80px;margin-top:4px"><tr><td style="height:6px;line-height:6px;font-size:0;background:#0b7a63;width:${share}px">&nbsp;</td><td style="height:6px;line-height:6px;font-size:0;background:#e7f1ee">&nbsp;</td></tr></table>`;
  };
  const cells = (row: Cell[], { withBar = false, weight = 'normal' } = {}) =>
    row
      .map((cell, n) => {
        const isText = columns[n]!.kind === 'dimension';
        const content = escapeHtml(cellText(cell, columns[n]!, language));
        return `<td align="${isText ? 'left' : 'right'}" style="${cellStyle}font-weight:${weight}${isText ? '' : ';white-space:nowrap'}">${content}${withBar && n === first ? bar(cell) : ''}</td>`;
      })
      .join('');
  const heads = columns
    .map(
      ({ head, kind }) =>
        `<th scope="col" align="${kind === 'dimension' ? 'left' : 'right'}" style="${cellStyle}color:#5b706b;font-weight:600">${escapeHtml(head)}</th>`,
    )
    .join('');
  const left = rows.length - shown.length;
  const models = [answer.query['attribution']].flat() as ReportModel[];
  const attribution = models.map((model) => modelLabels[model][language]).join(', ');
  const compared = answer.query['previousPeriod'] as { from: string; to: string } | null;
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(name)}</title></head><body style="margin:0;padding:24px;background:#fbfdfc;color:#16302b;font:15px/1.5 system-ui,-apple-system,Segoe UI,sans-serif"><h1 style="font-size:20px;margin:0 0 4px">${escapeHtml(name)}</h1><p style="margin:0 0 16px;color:#5b706b">${escapeHtml(periodText(answer, language))}${compared ? ` · ${text.compared} ${escapeHtml(`${compared.from} – ${compared.to}`)}` : ''} · ${text.attribution}: ${escapeHtml(attribution)}</p>${
    rows.length === 0
      ? `<p>${text.empty}</p>`
      : `<table cellpadding="0" cellspacing="0" style="border-collapse:collapse;background:#fff;font-size:14px"><thead><tr>${heads}</tr></thead><tbody>${shown.map((row) => `<tr>${cells(row, { withBar: true })}</tr>`).join('')}${other ? `<tr>${cells(other)}</tr>` : ''}<tr>${cells(totals, { weight: '600' })}</tr></tbody></table>`
  }${left > 0 ? `<p style="color:#5b706b">+ ${left} ${text.more}</p>` : ''}</body></html>`;
}

function toBase64(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}
