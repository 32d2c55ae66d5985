import type { InStatement, Row } from '@libsql/client/http';
import { tellingPart } from '../../../domain/people/phone-mentions.ts';
import type { Database } from '../../client.ts';

/** Columns of one table in which an address of somebody may stand. */
export type MentionTable = { table: string; columns: string[] };

/** Rows of one table that one statement looks at: some tens of milliseconds, so that forms do not wait for it. */
const rowsAtOnce = 5_000;

/**
 * Characters that are other ones, or nothing, in the address itself: full-width letters, ligatures, numerals, letters of mathematics,
 * invisible marks and such. Few ranges, since each is compared with each character; a test holds them against `normalizeEmail`.
 */
const special = `[${[
  '\u00aa\u00ad\u00b2\u00b3\u00b9\u00ba\u0130\u0132\u0133\u017f\u01c7-\u01f3\u02b0-\u02e3\u034f\u115f\u1160\u17b4\u17b5',
  '\u180b-\u180f\u1d2c-\u1dbf\u200b-\u200f\u202a-\u202e\u2060-\u209c\u20a8\u2100-\u218f\u2460-\u24ff\u2c7c\u2c7d\u3164',
  '\u3250-\u33ff\ua7f1-\ua7f4\ufb00-\ufb06\ufe00-\ufe0f\ufe63\ufeff-\uffa0\u{107a5}\u{1ccd6}-\u{1ccf9}\u{1d400}-\u{1d7ff}',
  '\u{1f100}-\u{1f1ff}\u{1fbf0}-\u{1fbf9}\u{e0000}-\u{e01ef}',
].join('')}]`;
/**
 * Escapes that stand for a letter or a digit, which nobody has to encode, for a special character, or for a sign that begins an
 * escape: no piece of an address can be looked for then. Few patterns, since each is tried at each character.
 */
const escapedBytes = ['[3-7][1-9]', '[357]0', '[46][a-f]', '[57]a', '5c', '25', '3d[2-7]', '26[%=#a]'];
/** Of special characters, in UTF-8 or as one byte of Latin-1. */
const specialBytes = ['c[2457abd][%=]', '[ef][0-3af][%=]', 'a[ad]', 'b[239a]'];
const hasEscapedLetters = `(${[
  `(instr(z, '%') OR instr(z, '=')) AND (${[...escapedBytes, ...specialBytes].map((hex) => `z GLOB '*[%=]${hex}*'`).join(' OR ')})`,
  `instr(z, '\\') AND z GLOB '*\\x[2-7ab]*'`,
  `(instr(z, '\\u') OR instr(z, '%u')) AND z GLOB '*[\\%]u[0-9a-f{]*'`,
  `instr(z, '&#')`,
  `instr(z, '&amp;#')`,
].join(' OR ')})`;
/** First what is cheap and true of most text: nothing but ASCII, letters of western Europe and usual signs. */
const hasSpecial = `(z GLOB '*[^ -~\t-\rà-öø-ÿÀ-ÖØ-Þ«»–—‘’“”…]*' AND z GLOB '*${special}*')`;
const mayHoldAddress = `(${["'@'", "'40'", "'64'", "'commat'", "'＠'", "'﹫'"].map((sign) => `instr(z, ${sign})`).join(' OR ')})`;

/**
 * Candidates among the next rows of a table; the last row is the place reached, with no text. SQL knows few of the spellings of an
 * address: it looks for a piece of either side that all of them have, or for a way to spell them that has none.
 */
function candidateStatement({ table, columns }: MentionTable, { after, pieces }: { after: number; pieces: string }) {
  const text = columns.map((column) => `coalesce("${column}", '')`).join(` || char(10) || `);
  const names = columns.map((column) => `"${column}"`).join(', ');
  return {
    sql: `WITH chunk AS MATERIALIZED (SELECT rowid AS id FROM "${table}" WHERE rowid > ?1 ORDER BY rowid LIMIT ${rowsAtOnce})
      SELECT id, ${names}, NULL AS reached FROM (SELECT rowid AS id, ${names}, lower(${text}) AS z FROM "${table}"
          WHERE rowid > ?1 AND rowid <= (SELECT max(id) FROM chunk))
        WHERE (${mayHoldAddress} AND (${hasSpecial} OR EXISTS (SELECT 1 FROM json_each(?2) p
          WHERE instr(z, p.value ->> 0) > 0 AND instr(z, p.value ->> 1) > 0))) OR ${hasEscapedLetters}
      UNION ALL SELECT NULL, ${columns.map(() => 'NULL').join(', ')}, iif(count(*) = ${rowsAtOnce}, max(id), NULL) FROM chunk`,
    args: [after, pieces],
  } satisfies InStatement;
}

/** What all plain spellings of an address have in common: of each side the longest run of ASCII letters and digits. */
function piecesOf(email: string): [string, string] {
  const at = email.lastIndexOf('@');
  const domain = email
    .slice(at + 1)
    .split('.')
    .filter((label) => !label.startsWith('xn--'))
    .join('.');
  return [longestRun(email.slice(0, at)), longestRun(domain)];
}

function longestRun(text: string): string {
  return (text.match(/[a-z0-9]+/g) ?? []).reduce((a, b) => (b.length > a.length ? b : a), '');
}

/** The lowest id there can be: an erased person's rows have theirs below zero. */
const lowestRowId = Number.MIN_SAFE_INTEGER;

/** Text without what stands between the digits of a number. */
const withoutSpacing = (text: string): string =>
  [' ', '-', '.', '(', ')', '/', '\u00a0'].reduce((inner, sign) => `replace(${inner}, '${sign}', '')`, text);

function phoneStatement({ table, columns }: MentionTable, { after, pieces }: { after: number; pieces: string }) {
  const text = withoutSpacing(columns.map((column) => `coalesce("${column}", '')`).join(` || char(10) || `));
  const names = columns.map((column) => `"${column}"`).join(', ');
  return {
    sql: `WITH chunk AS MATERIALIZED (SELECT rowid AS id FROM "${table}" WHERE rowid > ?1 ORDER BY rowid LIMIT ${rowsAtOnce})
      SELECT id, ${names}, NULL AS reached FROM (SELECT rowid AS id, ${names}, ${text} AS z FROM "${table}"
          WHERE rowid > ?1 AND rowid <= (SELECT max(id) FROM chunk))
        WHERE EXISTS (SELECT 1 FROM json_each(?2) p WHERE instr(z, p.value) > 0)
      UNION ALL SELECT NULL, ${columns.map(() => 'NULL').join(', ')}, iif(count(*) = ${rowsAtOnce}, max(id), NULL) FROM chunk`,
    args: [after, pieces],
  } satisfies InStatement;
}

/**
 * Rows that may hold one of these addresses, table by table; whether they do is for the caller to see. Reads all rows of the
 * tables, a few thousand of each in one round trip.
 */
export async function* readMentionCandidates(
  { db }: { db: Database },
  { tables, emails }: { tables: readonly MentionTable[]; emails: readonly string[] },
): AsyncGenerator<{ place: number; rows: Row[] }> {
  if (emails.length === 0) return;
  yield* readCandidates(
    { db },
    { tables, pieces: JSON.stringify(emails.map(piecesOf)), statement: candidateStatement },
  );
}

/** The same for telephone numbers in E.164. */
export async function* readPhoneCandidates(
  { db }: { db: Database },
  { tables, phones }: { tables: readonly MentionTable[]; phones: readonly string[] },
): AsyncGenerator<{ place: number; rows: Row[] }> {
  if (phones.length === 0) return;
  yield* readCandidates({ db }, { tables, pieces: JSON.stringify(phones.map(tellingPart)), statement: phoneStatement });
}

async function* readCandidates(
  { db }: { db: Database },
  {
    tables,
    pieces,
    statement,
  }: {
    tables: readonly MentionTable[];
    pieces: string;
    statement: (table: MentionTable, after: { after: number; pieces: string }) => InStatement;
  },
): AsyncGenerator<{ place: number; rows: Row[] }> {
  let open = tables.map((table, place) => ({ table, place, after: lowestRowId }));
  while (open.length > 0) {
    const results = await db.$client.batch(
      open.map(({ table, after }) => statement(table, { after, pieces })),
      'read',
    );
    const next: typeof open = [];
    for (const [index, one] of open.entries()) {
      const rows = results[index]!.rows.filter(({ id }) => id !== null);
      if (rows.length > 0) yield { place: one.place, rows };
      const reached = results[index]!.rows.find(({ id }) => id === null)?.['reached'];
      if (typeof reached === 'number') next.push({ ...one, after: reached });
    }
    open = next;
  }
}
