import { escapeHtml } from '../../domain/escape-html.ts';
import { oneLine } from '../../domain/one-line.ts';
import { modelLabels } from '../../domain/reports/models.ts';
import type { ReportModel } from '../../domain/reports/models.ts';
import { noteText } from '../../domain/reports/notes.ts';
import type { Cell } from '../../domain/reports/report-table.ts';
import { reportCsv } from '../reports/export-report.ts';
import { notificationTitle } from './read-notification.ts';
import type { Notification } from './read-notification.ts';
import { briefTable, cellText, cutNote, periodText, reportText, words } from './render-report-text.ts';
import type { Rendered } from './render-report-text.ts';
import type { Mail } from './send-mail.ts';

/** Rows that a mail shows; the file holds all. */
const maxRows = 25;

/** A report as a mail: a table that every mail program shows, a bar beside the first number, the whole as a CSV file. */
export function reportMail({ answer, name, language, dueAt }: Rendered & { dueAt: string }): Omit<Mail, 'to'> {
  const file = `${
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'report'
  }-${dueAt.slice(0, 10)}.csv`;
  return {
    subject: oneLine(`${name} – ${periodText(answer, language)}`),
    text: reportText({ answer, name, language, maxRows, hasFile: true }),
    html: htmlOf({ answer, name, language }),
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

const cellStyle = 'padding:7px 10px;border-bottom:1px solid #d9e4e0;vertical-align:top;';

/** Tables and inline styles alone, since mail programs know little more. */
function htmlOf({ answer, name, language }: Rendered): string {
  const { columns, rows, other, totals } = briefTable(answer, language);
  const text = words[language];
  const first = columns.findIndex(({ kind }) => kind !== 'dimension');
  const shown = rows.slice(0, maxRows);
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
  const cut = cutNote({ left: rows.length - shown.length, hasFile: true, language });
  const models = [answer.query['attribution']].flat() as ReportModel[];
  const attribution = models.map((model) => modelLabels[model][language]).join(', ');
  const compared = answer.query['previousPeriod'] as { from: string; to: string } | null;
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(name)}</title></head><body style="margin:0;padding:24px;background:#fbfdfc;color:#16302b;font:15px/1.5 system-ui,-apple-system,Segoe UI,sans-serif"><h1 style="font-size:20px;margin:0 0 4px">${escapeHtml(name)}</h1><p style="margin:0 0 16px;color:#5b706b">${escapeHtml(periodText(answer, language))}${compared ? ` · ${text.compared} ${escapeHtml(`${compared.from} – ${compared.to}`)}` : ''} · ${text.attribution}: ${escapeHtml(attribution)}</p>${
    rows.length === 0
      ? `<p>${text.empty}</p>`
      : `<table cellpadding="0" cellspacing="0" style="border-collapse:collapse;background:#fff;font-size:14px"><thead><tr>${heads}</tr></thead><tbody>${shown.map((row) => `<tr>${cells(row, { withBar: true })}</tr>`).join('')}${other ? `<tr>${cells(other)}</tr>` : ''}<tr>${cells(totals, { weight: '600' })}</tr></tbody></table>`
  }${cut === null ? '' : `<p style="color:#5b706b">${cut}</p>`}${answer.notes.map((note) => `<p style="margin:8px 0 0;color:#5b706b">${escapeHtml(noteText(note, language))}</p>`).join('')}</body></html>`;
}

/** A form's notification as a mail. */
export function notificationMail(notification: Notification): Omit<Mail, 'to'> {
  const { formName, language, lines } = notification;
  const rows = lines.map(
    ([name, value]) =>
      `<tr><td style="padding:4px 16px 4px 0;color:#555;vertical-align:top">${escapeHtml(name)}</td><td style="padding:4px 0;white-space:pre-wrap">${escapeHtml(value)}</td></tr>`,
  );
  return {
    subject: oneLine(notificationTitle(notification)),
    text: lines.map(([name, value]) => `${name}: ${value}`).join('\n'),
    html: `<!doctype html><html lang="${language}"><body style="font-family:system-ui,sans-serif;font-size:15px;color:#111"><h1 style="font-size:18px">${escapeHtml(formName)}</h1><table>${rows.join('')}</table></body></html>`,
  };
}

function toBase64(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}
