import { aliasedTable, sql } from 'drizzle-orm';
import type { SQL, SQLWrapper } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { foldText } from '../../domain/fold-text.ts';
import { toStoredHost } from '../../domain/hosts/shown-hosts.ts';
import { foldLatin, latinCapitals } from '../../domain/segments/fold-latin.ts';
import { submission } from '../schema/forms.ts';
import { deal } from '../schema/deals.ts';
import { touch } from '../schema/origins.ts';
import { company, consent, person, selectionMember } from '../schema/people.ts';

/** The table behind each entity. A selection asked about is a membership. */
export const tables = { person, company, submission, deal, touch, selection: selectionMember, consent } as const;
export type Tables = typeof tables;

/** Gives every table of a statement a name of its own. */
export class Aliases {
  #count = 0;
  #renamed = new WeakMap<object, SQL>();

  /** The table under a new name, and what stands for it after FROM and JOIN. */
  of<T extends SQLiteTable>(table: T): { table: T; from: SQL } {
    this.#count += 1;
    const name = `t${this.#count}`;
    const aliased = aliasedTable(table, name);
    const from = sql`${table} ${sql.identifier(name)}`;
    this.#renamed.set(aliased, from);
    return { table: aliased, from };
  }

  /** What stands for a table after FROM and JOIN, whether it has a name given here or its own. */
  fromOf(table: SQLiteTable): SQL {
    return this.#renamed.get(table) ?? sql`${table}`;
  }
}

/**
 * How a field's value is found.
 * - `text`: `compared` holds it folded by `fold`, `shown` as it is shown; `isPartlyIndexed` where an index may leave out nulls;
 *   `stored` gives what is shown as it is stored; `isSpelling` where the text stands for another value, if it is asked for whole,
 *   and is found by `also` too.
 * - `number`, `date` (milliseconds), `day` (`YYYY-MM-DD`), `boolean` (0, 1): one value.
 * - `code`: a value of a closed list, spelt as in the list, or as `storedAs` says. `isInline`: it stands in the statement as text, by
 *   which SQLite chooses an index of the records with this value alone.
 * - `id`: the id of another record, a number or a text; `named` where it may be asked for by name too.
 * - `lookup`: the value stands in another table. `where` says which records have a value there that a condition holds
 *   for, as a condition on the record itself that an index can serve.
 */
export type Stored =
  | TextStored
  | { kind: 'number' | 'date' | 'day' | 'boolean'; value: SQLWrapper }
  | { kind: 'code'; value: SQLWrapper; storedAs?: Readonly<Record<string, string>>; isInline?: boolean }
  | { kind: 'id'; value: SQLWrapper; ids: 'number' | 'text'; named?: NamedRecords }
  | { kind: 'lookup'; where: (condition: (inner: Stored) => SQL) => SQL };

export type TextStored = {
  kind: 'text';
  compared: SQLWrapper;
  shown: SQLWrapper;
  fold: (text: string) => string;
  isPartlyIndexed?: boolean;
  stored?: (text: string) => string;
  isSpelling?: boolean;
  also?: SQLWrapper;
};

/** Records that a reference may name: what messages call one, where they stand, their ids in the API and their names. */
export type NamedRecords = {
  what: string;
  table: SQLWrapper;
  id: { name: string };
  name: { name: string };
  /** Set where a column has the name folded, with an index. */
  folded?: { column: { name: string }; fold: (name: string) => string };
};

/** A field's value in one record: to compare, to show, to sort by. Null is no value. */
export type Column = {
  stored: Stored;
  shown: SQLWrapper;
  /** Set where a row has `{ id, name }` of it as JSON, and `shown` is the name or the id alone. */
  record?: SQLWrapper;
  sorted: SQLWrapper;
  /** Set where it is known that every record has a value: then an index can give the order. */
  notNull?: boolean;
  /** Null where nothing gives the order after all. */
  walk?: () => Walk | null;
};

/** How records are gone through in order of a value, so that the first are found without putting all in order. */
export type Walk = { value: SQLWrapper } & (
  | {
      /** What stands after FROM, the record's table in it by its own name; null where that alone is it. */
      from: SQL | null;
      /** Which records have no value, and so come last. */
      none: SQL;
    }
  | {
      /** Where the value is one of all the others that name a record, such as their number: what stands after FROM, with a WHERE. */
      others: SQL;
      key: SQLWrapper;
      /** The value of a record that none names. */
      none: 0 | null;
    }
);

const foldWhole = (text: string): string => foldText(text) ?? '';
const foldEmail = (text: string): string => toStoredHost(text.normalize('NFC').toLowerCase().trim());
/** Of text that may be a host: `blåbær.no` is stored as `xn--blbr-roah.no`. */
export const foldHost = (text: string): string => toStoredHost(foldWhole(text));

/** Text with its folded copy beside it. */
export function foldedText(shown: SQLWrapper, folded: SQLWrapper): Column & { stored: TextStored } {
  return {
    stored: { kind: 'text', compared: folded, shown, fold: foldWhole, isPartlyIndexed: true },
    shown,
    sorted: folded,
  };
}

/** Text whose folded copy has an index, which leaves out nulls. */
export function indexedText(shown: SQLWrapper, folded: SQLWrapper): Column {
  return { ...foldedText(shown, folded), walk: () => ({ from: null, value: folded, none: sql`${folded} IS NULL` }) };
}

/** Text that is kept in small letters, such as an e-mail address. */
export function smallText(shown: SQLWrapper): Column {
  return { stored: { kind: 'text', compared: shown, shown, fold: foldEmail }, shown, sorted: shown };
}

/** The same with an index, which has nulls as well. */
export function indexedSmallText(shown: SQLWrapper): Column {
  return { ...smallText(shown), walk: () => ({ from: null, value: shown, none: sql`${shown} IS NULL` }) };
}

/** Text without a folded copy, folded as it is read: no index serves it. */
export function plainText(shown: SQLWrapper): Column & { stored: TextStored } {
  const compared = foldedInSql(shown);
  return {
    stored: { kind: 'text', compared, shown, fold: foldLatin },
    shown,
    // A cursor does not contain long answers whole; the id distinguishes those with the same beginning.
    sorted: sql`substr(${compared}, 1, 200)`,
  };
}

/**
 * `foldLatin` in SQL: `lower` knows ASCII alone. Most text has no other letter, and is spared the rest. One letter a
 * step, since calls within calls would fill the parser's stack, which is 100 deep.
 */
export function foldedInSql(text: SQLWrapper): SQL {
  return sql`CASE WHEN ${text} GLOB '*[^ -~]*' THEN (${latinFold(text)}) ELSE lower(${text}) END`;
}

const smallLetters = latinCapitals.toLowerCase();
const letterCount = sql.raw(String(latinCapitals.length));

function latinFold(text: SQLWrapper): SQL {
  // The letters are bound: the client keeps statements below 5,000 characters with the server, which counts bytes.
  return sql`WITH RECURSIVE fold(step, text) AS (SELECT 1, lower(${text}) UNION ALL
    SELECT step + 1, replace(text, substr(${latinCapitals}, step, 1), substr(${smallLetters}, step, 1)) FROM fold
    WHERE step <= ${letterCount}) SELECT text FROM fold WHERE step > ${letterCount}`;
}

/**
 * Texts with their ids, folded as `foldedInSql` does: a select that reads itself by `name`, for a list of few texts that is set before
 * the rest of a statement, where the other would fill the parser's stack. Its rows have `id`, `label`, `folded` and a `step`.
 */
export function foldedRows({ rows, name }: { rows: SQL; name: SQL }): SQL {
  const first = sql`CASE WHEN label GLOB '*[^ -~]*' THEN 1 ELSE ${letterCount} + 1 END`;
  return sql`SELECT id, label, lower(label) AS folded, ${first} AS step FROM (${rows}) UNION ALL
    SELECT id, label, replace(folded, substr(${latinCapitals}, step, 1), substr(${smallLetters}, step, 1)), step + 1 FROM ${name}
    WHERE step <= ${letterCount}`;
}

/** Which of the rows are folded to the end. */
export const isFolded: SQL = sql`step > ${letterCount}`;

export function number(value: SQLWrapper, { notNull = false } = {}): Column {
  return { stored: { kind: 'number', value }, shown: value, sorted: value, notNull };
}

export function date(value: SQLWrapper, { notNull = false } = {}): Column {
  return { stored: { kind: 'date', value }, shown: value, sorted: value, notNull };
}

export function boolean(value: SQLWrapper, { notNull = false } = {}): Column {
  return { stored: { kind: 'boolean', value }, shown: value, sorted: value, notNull };
}

/** A value of a static list. */
export function code(value: SQLWrapper): Column {
  return { stored: { kind: 'code', value }, shown: value, sorted: value };
}

/** A calendar day, `YYYY-MM-DD`. */
export function day(value: SQLWrapper): Column {
  return { stored: { kind: 'day', value }, shown: value, sorted: value };
}

/** The id of the record itself or of another. */
export function id(
  value: SQLWrapper,
  { ids = 'number', notNull = false, named }: { ids?: 'number' | 'text'; notNull?: boolean; named?: NamedRecords } = {},
): Column {
  return { stored: { kind: 'id', value, ids, ...(named ? { named } : {}) }, shown: value, sorted: value, notNull };
}
