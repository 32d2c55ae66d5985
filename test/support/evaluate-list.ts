/**
 * A second reading of docs/lists.md: filters and sort over the rows of a list in memory, written without a look at the compiler. Of
 * the product's code it uses nothing.
 */

export type Value = string | number | boolean | null | { id: string; name: string };
export type FlatRow = Record<string, Value>;
type Field = {
  name: string;
  type: string;
  ids: 'number' | 'text';
  isDay?: boolean;
  /** Not by a field of several values. */
  sortable: boolean;
  values: unknown;
};

/** The calendar day of a moment in a zone. */
export function dayOf(at: string | number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(at),
  );
}

/** A value as text; of a reference, its name. */
export function textOf(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'name' in value) return String(value.name);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const fold = (text: string): string => text.toLowerCase().trim();
const monthOf = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
const addDays = (day: string, count: number): string =>
  new Date(Date.parse(day) + count * 86_400_000).toISOString().slice(0, 10);

/** The values of a field, several of which have a comma and a blank between them in a cell. */
function textsOf(value: Value, { sortable }: Field): string[] {
  if (value === null || value === '') return [];
  return sortable ? [textOf(value)] : textOf(value).split(', ');
}

const negations: Record<string, string> = {
  notEquals: 'equals',
  isNotExactly: 'isExactly',
  notStartsWith: 'startsWith',
  notEndsWith: 'endsWith',
  notContains: 'contains',
  noneOf: 'oneOf',
  empty: 'notEmpty',
  ne: 'eq',
};

/** Whether a filter holds for a row. */
export function holds(
  row: FlatRow,
  { field, op, operand, now }: { field: Field; op: string; operand: string; now: { at: number; timeZone: string } },
): boolean {
  const value = row[field.name] ?? null;
  const positive = negations[op];
  if (positive) return !holds(row, { field, op: positive, operand, now });
  if (op === 'notEmpty') return value !== null && value !== '';
  if (value === null) return false;
  switch (field.type) {
    case 'text':
    case 'list': {
      const texts = textsOf(value, field);
      const wanted = fold(operand);
      if (op === 'isExactly') return texts.includes(operand);
      if (op === 'oneOf') return operand.split(',').some((one) => texts.map(fold).includes(fold(one)));
      return texts.map(fold).some((text) => {
        if (op === 'equals') return text === wanted;
        if (op === 'startsWith') return text.startsWith(wanted);
        if (op === 'endsWith') return text.endsWith(wanted);
        if (op === 'contains') return text.includes(wanted);
        throw new Error(`no reading of ${op}`);
      });
    }
    case 'reference': {
      const { id, name } = typeof value === 'object' ? value : { id: String(value), name: null };
      return operand.split(',').some((one) => one === id || (name !== null && fold(one) === fold(name)));
    }
    case 'boolean':
      return textOf(value) === operand;
    case 'number': {
      const [a, b] = operand.split(',').map(Number) as [number, number];
      const n = Number(value);
      if (op === 'between') return n >= a && n <= b;
      return { eq: n === a, lt: n < a, lte: n <= a, gt: n > a, gte: n >= a }[op]!;
    }
    default:
      return holdsForDay(field.isDay ? textOf(value) : dayOf(textOf(value), now.timeZone), { op, operand, now });
  }
}

function holdsForDay(
  day: string,
  { op, operand, now }: { op: string; operand: string; now: { at: number; timeZone: string } },
): boolean {
  const today = dayOf(now.at, now.timeZone);
  const months = monthOf(day) - monthOf(today);
  const count = Number(operand.split(':')[1] ?? 1);
  const [first, last] = operand.split(',');
  switch (op) {
    case 'on':
      return day === operand;
    case 'before':
      return day < operand;
    case 'after':
      return day > operand;
    case 'between':
      return day >= first! && day <= last!;
    case 'today':
      return day === today;
    case 'beforeToday':
      return day < today;
    case 'afterToday':
      return day > today;
    case 'lastDays':
      return day <= today && day > addDays(today, -Number(operand));
    case 'nextDays':
      return day >= today && day < addDays(today, Number(operand));
    case 'this':
      return months === 0;
    case 'previous':
      return months < 0 && months >= -count;
    case 'next':
      return months > 0 && months <= count;
    case 'thisAndPrevious':
      return months <= 0 && months >= -count;
    case 'thisAndNext':
      return months >= 0 && months <= count;
    case 'previousThisAndNext':
      return Math.abs(months) <= count;
    default:
      throw new Error(`no reading of ${op}`);
  }
}

/** What a filter by each operator may ask, made of the values that there are. */
export function operandsOf(rows: readonly FlatRow[], field: Field, op: string, timeZone: string): string[] {
  const values = rows.map((row) => row[field.name] ?? null).filter((value) => value !== null && value !== '');
  if (['empty', 'notEmpty', 'today', 'beforeToday', 'afterToday'].includes(op)) return ['', 'true'];
  if (['lastDays', 'nextDays'].includes(op)) return ['30'];
  if (['this', 'previous', 'next', 'thisAndPrevious', 'thisAndNext', 'previousThisAndNext'].includes(op))
    return op === 'this' ? ['month'] : ['month', 'month:3'];
  const middle = values.length === 0 ? null : values[Math.floor(values.length / 2)]!;
  if (field.type === 'reference') {
    if (middle === null) return [];
    if (typeof middle !== 'object') return [String(middle)];
    return [middle.id, middle.name.toUpperCase()];
  }
  if (field.type === 'boolean') return ['true', 'false'];
  if (field.type === 'number') {
    const numbers = values.map(Number).toSorted((a, b) => a - b);
    if (numbers.length === 0) return op === 'between' ? ['0,1'] : ['0'];
    return op === 'between' ? [`${numbers[0]},${numbers[Math.floor(numbers.length / 2)]}`] : [String(Number(middle))];
  }
  if (field.type === 'date') {
    const days = values.map((value) => (field.isDay ? textOf(value) : dayOf(textOf(value), timeZone))).toSorted();
    const day = days[Math.floor(days.length / 2)] ?? '2026-09-01';
    return op === 'between' ? [`${days[0] ?? day},${day}`] : [day];
  }
  const [text] = middle === null ? [] : textsOf(middle, field);
  if (text === undefined || text.includes(',')) return [];
  if (field.type === 'list' || ['equals', 'notEquals', 'isExactly', 'isNotExactly', 'oneOf', 'noneOf'].includes(op))
    return [text];
  if (/^(not)?starts/i.test(op)) return [text.slice(0, 2).toUpperCase()];
  if (/^(not)?ends/i.test(op)) return [text.slice(-2).toUpperCase()];
  return [text.slice(1, 4) || text];
}

/** A value as rows are put in order by it; null comes last. */
export function orderOf(row: FlatRow, { name, type, ids }: Field): string | number | null {
  const value = row[name] ?? null;
  if (value === null) return null;
  if (type === 'number') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'object') return fold(value.name);
  if (type === 'reference' && ids === 'number' && /^\d+$/.test(String(value))) return Number(value);
  return type === 'text' ? fold(String(value)).slice(0, 200) : String(value);
}
