import { sql } from 'drizzle-orm';
import type { SQL, SQLWrapper } from 'drizzle-orm';
import type { RelativeDate } from '../../domain/segments/relative-date.ts';
import type { CriteriaValue } from '../../domain/segments/criteria.ts';
import { after, before, between, on, relativeRanges } from '../../domain/segments/days.ts';
import type { Now, Range } from '../../domain/segments/days.ts';
import { dayInZone } from '../../domain/time-zone.ts';
import { findListValue } from '../../domain/segments/fields.ts';
import type { ConditionField, PositiveOperator, PositiveOperatorOf } from '../../domain/segments/fields.ts';
import { isId, selectNamed } from './named-records.ts';
import type { Stored } from './stored.ts';

/** A field's value, an operator that is no negation and what it is given, as SQL. Where there is no value it is null or false. */
export function compileCondition({
  stored,
  field,
  op,
  value,
  now,
}: {
  stored: Stored;
  field: ConditionField;
  op: PositiveOperator;
  value: CriteriaValue;
  now: Now;
}): SQL {
  switch (stored.kind) {
    case 'lookup':
      return stored.where((inner) => compileCondition({ stored: inner, field, op, value, now }));
    case 'text':
      return compileText({ stored, op: op as PositiveOperatorOf<'text'>, value: value as string | string[] });
    case 'number':
      return compileNumber(stored.value, op as PositiveOperatorOf<'number'>, value as number | number[]);
    case 'date':
      return compileDate(stored.value, op as PositiveOperatorOf<'date'>, value, now);
    case 'day':
      return compileDay(stored.value, op as PositiveOperatorOf<'date'>, value, now);
    case 'boolean':
      return sql`${stored.value} = ${value === true ? 1 : 0}`;
    case 'code': {
      if (op === 'notEmpty') return compileChoice(stored.value, op, '');
      const isKnown = typeof value === 'string' && field.values && findListValue(field.values, value) !== undefined;
      const spelt = (one: string) => {
        const known = (field.values && findListValue(field.values, one)) ?? one;
        return stored.storedAs?.[known] ?? known;
      };
      if (stored.isInline && isKnown) return sql`${stored.value} = ${sql.raw(`'${spelt(value)}'`)}`;
      return compileChoice(
        stored.value,
        op,
        Array.isArray(value) ? value.map((one) => spelt(String(one))) : spelt(value as string),
      );
    }
    case 'id':
      return compileId(stored, op, value);
  }
}

type Scalar = string | number;

function compileChoice(column: SQLWrapper, op: PositiveOperator, value: Scalar | Scalar[]): SQL {
  if (op === 'notEmpty') return sql`${column} IS NOT NULL`;
  return Array.isArray(value) ? isOneOf(column, value) : sql`${column} = ${value}`;
}

/** A record by its id, or where no record has the id, by its name. */
function compileId(
  { value: column, ids, named }: Extract<Stored, { kind: 'id' }>,
  op: PositiveOperator,
  value: CriteriaValue,
): SQL {
  if (op === 'notEmpty') return compileChoice(column, op, '');
  const asked = (Array.isArray(value) ? value : [value]).map(String);
  const asIds = ids === 'number' ? asked.filter((one) => isId(one)).map(Number) : asked;
  const asNames = ids === 'number' ? asked.filter((one) => !isId(one)) : asked;
  const byId = Array.isArray(value) ? isOneOf(column, asIds) : compileChoice(column, op, asIds[0] ?? '');
  if (!named || asNames.length === 0) return byId;
  const byName = sql`${column} IN (${selectNamed(named, asNames)})`;
  return asIds.length === 0 ? byName : sql`(${byId} OR ${byName})`;
}

/** One bound value for any number of them, so that the text of a statement does not grow with its values. */
function isOneOf(column: SQLWrapper, values: readonly Scalar[]): SQL {
  return sql`${column} IN (SELECT value FROM json_each(${JSON.stringify([...new Set(values)])}))`;
}

function compileText({
  stored: { compared, shown, fold, isPartlyIndexed = false, stored = (text) => text, isSpelling = false, also },
  op,
  value,
}: {
  stored: Extract<Stored, { kind: 'text' }>;
  op: PositiveOperatorOf<'text'>;
  value: string | string[];
}): SQL {
  if (isSpelling && op !== 'equals' && op !== 'oneOf') return sql`0`;
  if (op === 'notEmpty') return sql`${shown} <> ''`;
  if (also && (op === 'equals' || op === 'oneOf')) {
    const whole = [value].flat().map(fold);
    return sql`(${isOneOf(compared, whole)} OR ${isOneOf(also, whole)})`;
  }
  if (Array.isArray(value)) return isOneOf(compared, value.map(fold));
  if (op === 'isExactly') {
    return stored(value) === value ? sql`${shown} = ${value}` : sql`${shown} IN (${value}, ${stored(value)})`;
  }
  const folded = fold(value);
  // What is read from end to end is so from an index, where SQLite knows that one of no nulls has all that is asked for.
  const among = (condition: SQL) => (isPartlyIndexed ? sql`(${compared} IS NOT NULL AND ${condition})` : condition);
  switch (op) {
    case 'startsWith': {
      const next = textAfter(folded);
      return next === null ? sql`${compared} >= ${folded}` : sql`(${compared} >= ${folded} AND ${compared} < ${next})`;
    }
    case 'endsWith':
      return among(sql`substr(${compared}, ${-Array.from(folded).length}) = ${folded}`);
    case 'contains':
      return among(sql`instr(${compared}, ${folded}) > 0`);
    case 'equals':
    case 'oneOf':
      return sql`${compared} = ${folded}`;
  }
}

/**
 * The least text after all that begin with `prefix`, in the order of code points, which is SQLite's. With it an index
 * serves; `LIKE` would take `%` and `_` for patterns.
 */
export function textAfter(prefix: string): string | null {
  const points = Array.from(prefix, (letter) => letter.codePointAt(0)!);
  while (points.length > 0 && points.at(-1)! >= 0x10_ff_ff) points.pop();
  const last = points.pop();
  if (last === undefined) return null;
  return String.fromCodePoint(...points, last === 0xd7_ff ? 0xe0_00 : last + 1);
}

function compileNumber(column: SQLWrapper, op: PositiveOperatorOf<'number'>, value: number | number[]): SQL {
  if (op === 'notEmpty') return sql`${column} IS NOT NULL`;
  if (Array.isArray(value)) return sql`${column} BETWEEN ${value[0]} AND ${value[1]}`;
  return compare(column, op as keyof typeof signs, value);
}

const signs = {
  eq: sql`=`,
  ne: sql`<>`,
  lt: sql`<`,
  lte: sql`<=`,
  gt: sql`>`,
  gte: sql`>=`,
} as const;

export function compare(column: SQLWrapper, op: keyof typeof signs, value: number): SQL {
  return sql`${column} ${signs[op]} ${value}`;
}

function compileDate(column: SQLWrapper, op: PositiveOperatorOf<'date'>, value: CriteriaValue, now: Now): SQL {
  if (op === 'notEmpty') return sql`${column} IS NOT NULL`;
  return isWithin(column, rangeOf(op, value, now));
}

/** Days are compared as text. What the operator takes in begins and ends with a day. */
function compileDay(column: SQLWrapper, op: PositiveOperatorOf<'date'>, value: CriteriaValue, now: Now): SQL {
  if (op === 'notEmpty') return sql`${column} IS NOT NULL`;
  const { from, to } = rangeOf(op, value, now);
  const first = from === null ? null : dayInZone(from, now.timeZone);
  const next = to === null ? null : dayInZone(to, now.timeZone);
  // After the last day of four digits comes none that compares as text.
  const end = next !== null && next.length > '9999-12-31'.length ? null : next;
  if (end === null) return first === null ? sql`${column} IS NOT NULL` : sql`${column} >= ${first}`;
  return first === null ? sql`${column} < ${end}` : sql`(${column} >= ${first} AND ${column} < ${end})`;
}

function rangeOf(op: Exclude<PositiveOperatorOf<'date'>, 'notEmpty'>, value: CriteriaValue, now: Now): Range {
  switch (op) {
    case 'before':
      return before(value as string, now);
    case 'after':
      return after(value as string, now);
    case 'on':
      return on(value as string, now);
    case 'between':
      return between(value as string[], now);
    case 'today':
    case 'beforeToday':
    case 'afterToday':
      return relativeRanges[op](now);
    case 'lastDays':
    case 'nextDays':
    case 'this':
    case 'previous':
    case 'next':
    case 'thisAndPrevious':
    case 'thisAndNext':
    case 'previousThisAndNext':
      return relativeRanges[op](value as RelativeDate, now);
  }
}

/** The client sends numbers as fractions, and to compare whole ones with those takes SQLite longer. */
const whole = (at: number): SQL => sql`CAST(${at} AS integer)`;

function isWithin(column: SQLWrapper, { from, to }: Range): SQL {
  if (from === null) return sql`${column} < ${whole(to!)}`;
  if (to === null) return sql`${column} >= ${whole(from)}`;
  return sql`(${column} >= ${whole(from)} AND ${column} < ${whole(to)})`;
}
