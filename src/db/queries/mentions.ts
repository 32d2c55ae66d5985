import type { InStatement, Row } from '@libsql/client/http';
import type { Database } from '../client.ts';

/** Columns of one table in which an address of somebody may stand. */
export type MentionTable = { table: string; columns: string[] };

/** Rows of one table that one statement looks at: some tens of milliseconds, so that forms do not wait for it. */
const rowsAtOnce = 5_000;

/** Characters that are another one in the address itself: full-width letters, invisible marks, letters of mathematics, and such. */
const special =
  '[\u00ad\u0130\u017f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u212a\u2460-\u24ff\ufeff\uff01-\uff5e\u{1d400}-\u{1d7ff}]';
/**
 * Escapes that stand for a letter or a digit, which nobody has to encode, or for a sign that begins an escape: no piece of an address
 * can be looked for then.
 */
const escapedLetters = [
  ...['3[0-9]', '4[1-9a-f]', '5[0-9ac]', '6[0-9a-f]', '7[0-9a]', '25', '3d[2-7]', '26[%=#a]'].map(
    (hex) => `[%=]${hex}`,
  ),
  'u00[2-7]',
  '\\x[2-7]',
  '&#',
  '&amp;#',
  special,
];
const hasEscapedLetters = escapedLetters.map((pattern) => `z GLOB '*${pattern}*'`).join(' OR ');
const mayHoldAddress = `(instr(z, '@') OR instr(z, '40') OR instr(z, '64') OR instr(z, 'commat') OR instr(z, '＠') OR instr(z, '﹫'))`;

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
        WHERE (${mayHoldAddress} AND EXISTS (SELECT 1 FROM json_each(?2) p
          WHERE instr(z, p.value ->> 0) > 0 AND instr(z, p.value ->> 1) > 0)) OR ${hasEscapedLetters}
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

/**
 * Rows that may hold one of these addresses, table by table; whether they do is for the caller to see. Reads all rows of the
 * tables, a few thousand of each in one round trip.
 */
export async function* readMentionCandidates(
  { db }: { db: Database },
  { tables, emails }: { tables: readonly MentionTable[]; emails: readonly string[] },
): AsyncGenerator<{ place: number; rows: Row[] }> {
  if (emails.length === 0) return;
  const pieces = JSON.stringify(emails.map(piecesOf));
  let open = tables.map((table, place) => ({ table, place, after: lowestRowId }));
  while (open.length > 0) {
    const results = await db.$client.batch(
      open.map(({ table, after }) => candidateStatement(table, { after, pieces })),
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
