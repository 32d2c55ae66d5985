import type { Database } from '../db/client.ts';
import { escapeHtml } from '../domain/escape-html.ts';
import { findSubmission } from './read-submissions.ts';
import type { Mail } from './send-mail.ts';

/** What a form's notification tells: the answers, and where the lead came from. @throws KildeError `not_found`. */
export async function notificationOf(
  { db }: { db: Database },
  { submissionId }: { submissionId: string },
): Promise<Omit<Mail, 'to'>> {
  const { form, fields, touch, at, createdPerson } = await findSubmission({ db }, { id: submissionId });
  const origin = [touch?.channel, touch?.source, touch?.medium, touch?.campaign].filter((one) => one != null);
  const lines: Array<[name: string, value: string]> = [
    ...Object.entries(fields).map(([name, value]): [string, string] => [name, [value].flat().join(', ')]),
    ['—', ''],
    ['Source', origin.join(' / ') || 'Direct'],
    ['Lead', createdPerson ? 'new' : 'known'],
    ['Time', at],
  ];
  const rows = lines.map(
    ([name, value]) =>
      `<tr><td style="padding:4px 16px 4px 0;color:#555;vertical-align:top">${escapeHtml(name)}</td><td style="padding:4px 0;white-space:pre-wrap">${escapeHtml(value)}</td></tr>`,
  );
  return {
    subject: oneLine(`${form.name}: ${createdPerson ? 'new lead' : 'new submission'}`),
    text: lines.map(([name, value]) => `${name}: ${value}`).join('\n'),
    html: `<!doctype html><html><body style="font-family:system-ui,sans-serif;font-size:15px;color:#111"><h1 style="font-size:18px">${escapeHtml(form.name)}</h1><table>${rows.join('')}</table></body></html>`,
  };
}

/** A subject holds no line break, whatever a name holds. */
export function oneLine(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
