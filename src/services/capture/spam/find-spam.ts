import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { invalidInput, KildeError, notFound } from '../../../domain/errors.ts';
import { registrableDomain } from '../../../domain/hosts/registrable-domain.ts';
import { messageOf, normalizeMessage, searchedWords } from '../../../domain/capture/spam-features.ts';
import type { SpamFeature } from '../../../domain/capture/spam-features.ts';
import type { ServiceContext } from '../../service-context.ts';

/** Submissions marked at once at most. */
const mostAtOnce = 2_000;
/** A wave of spam lasts for days: texts are compared so long before and after. */
const waveMs = 45 * 24 * 60 * 60 * 1_000;

/** Candidates for a text that one request reads. */
const candidatesAtOnce = 1_000;

type Found = { id: string; at: number };
type Fields = Record<string, string | string[]>;
type SubmissionRow = { id: string; personId: number | null; email: string | null; at: number; fields: string };

/**
 * The submissions that have something in common with one: the sender, the sender's domain, or the text.
 * @returns their ids, the newest first.
 * @throws KildeError `not_found`; `invalid_input` where the submission has no such thing, or it says nothing; `too_expensive`.
 */
export async function findSpam(
  context: Pick<ServiceContext, 'db' | 'settings'>,
  { submissionId, by }: { submissionId: string; by: readonly SpamFeature[] },
): Promise<string[]> {
  const { db } = context;
  const [row] = await db.all<SubmissionRow>(sql`SELECT s.id, s.person_id AS personId, p.email, s.at, s.fields
    FROM submission s LEFT JOIN person p ON p.id = s.person_id WHERE s.id = ${submissionId} AND (p.id IS NULL OR p.id > 0)`);
  if (!row) throw notFound('submission');
  const conditions = await Promise.all(by.map(async (feature, index) => conditionOf(context, { row, feature, index })));
  const found = new Map<string, number>();
  for (const { where, text } of conditions) {
    if (text === null) {
      const rows = await db.all<Found>(sql`SELECT s.id, s.at FROM submission s WHERE ${where} LIMIT ${mostAtOnce + 1}`);
      for (const { id, at } of rows) found.set(id, at);
    } else {
      for await (const { id, at, fields } of readCandidates(context, where)) {
        if (textOf(JSON.parse(fields) as Fields) === text) found.set(id, at);
        if (found.size > mostAtOnce) break;
      }
    }
  }
  if (found.size > mostAtOnce) {
    throw new KildeError(
      'too_expensive',
      `More than ${mostAtOnce} submissions have this in common. Narrow it down: \`by\` may be sender, domain or text alone.`,
    );
  }
  return [...found].toSorted(([a, aAt], [b, bAt]) => bAt - aAt || (a < b ? 1 : -1)).map(([id]) => id);
}

/** Submissions that hold the words of a text, page by page: many of them can be other texts. */
async function* readCandidates(
  { db }: Pick<ServiceContext, 'db'>,
  where: SQL,
): AsyncGenerator<Found & { fields: string }> {
  for (let after = { at: Number.MIN_SAFE_INTEGER, id: '' }, isLast = false; !isLast;) {
    const rows = await db.all<Found & { fields: string }>(sql`SELECT s.id, s.at, s.fields FROM submission s
      WHERE ${where} AND (s.at, s.id) > (${after.at}, ${after.id}) ORDER BY s.at, s.id LIMIT ${candidatesAtOnce}`);
    yield* rows;
    isLast = rows.length < candidatesAtOnce;
    after = rows.at(-1) ?? after;
  }
}

const textOf = (fields: Fields): string | null => {
  const message = messageOf(fields);
  return message === null ? null : normalizeMessage(message);
};

/** What submissions are looked for, and the text that they must have where it is compared. */
async function conditionOf(
  { settings }: Pick<ServiceContext, 'settings'>,
  { row, feature, index }: { row: SubmissionRow; feature: SpamFeature; index: number },
) {
  const refuse = (message: string): never => {
    throw invalidInput([{ location: `body.by[${index}]`, message }]);
  };
  switch (feature) {
    case 'sender': {
      if (row.personId === null)
        return refuse('The submission has no sender: neither an address nor a number was sent.');
      return { where: sql`s.person_id = ${row.personId}`, text: null };
    }
    case 'domain': {
      const host = row.email?.split('@').at(-1);
      if (!host) return refuse('The sender has no e-mail address.');
      const mailDomains = await settings.mailDomains();
      const domain = registrableDomain(host) ?? host;
      if (mailDomains.isFree(host) || mailDomains.isFree(domain)) {
        return refuse(`Anybody can have an address at ${host}. Use sender or text.`);
      }
      const ending = domain.replaceAll(/[\\%_]/g, '\\$&');
      // The planner is to look for people first: their addresses stand in an index.
      return {
        where: sql`s.person_id IN (SELECT p.id FROM person p WHERE p.id > 0 AND (p.email LIKE ${`%@${ending}`} ESCAPE '\\' OR p.email LIKE ${`%@%.${ending}`} ESCAPE '\\'))`,
        text: null,
      };
    }
    case 'text': {
      const fields = JSON.parse(row.fields) as Fields;
      const text = textOf(fields);
      if (text === null) return refuse('The submission has no text of 20 letters or more to compare.');
      const conditions = [
        sql`s.at BETWEEN ${row.at - waveMs} AND ${row.at + waveMs}`,
        ...searchedWords(messageOf(fields)!).map((word) => sql`instr(lower(s.fields), ${word}) > 0`),
      ];
      return { where: sql.join(conditions, sql` AND `), text };
    }
  }
}
