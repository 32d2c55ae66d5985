import type { Search } from '../../api/search.ts';
import { m } from '../../paraglide/messages.js';
import { conditionsOf, isAll, isCriterion, readWhere } from '../find/criteria.ts';
import type { All, Any, Criterion } from '../find/criteria.ts';
import type { Field } from '../find/fields.ts';
import type { Sort } from '../find/use-find.ts';

/** The criteria of the address; a selection alone is one criterion. */
export function whereOf(search: Search): All | Any {
  const where = readWhere(search['where']);
  const { selection } = search;
  if (selection === undefined || conditionsOf(where).length > 0) return where;
  return { all: [{ field: 'selection', op: 'inSelection', value: selection }] };
}

export function readSort(text: string | undefined): Sort | null {
  if (text === undefined || text === '') return null;
  return text.startsWith('-') ? { field: text.slice(1), direction: 'desc' } : { field: text, direction: 'asc' };
}

export function writeSort({ field, direction }: Sort, usual: Sort): string | undefined {
  if (field === usual.field && direction === usual.direction) return undefined;
  return direction === 'desc' ? `-${field}` : field;
}

/** The first line that leaves none. */
export function nothingWhy(counts: ReadonlyMap<string, number>): string {
  const place = [...counts].find(([location, count]) => count === 0 && location !== 'where')?.[0];
  const line = place === undefined ? null : /\[(\d+)\]/.exec(place)?.[1];
  return line == null ? m.find_nothing_why() : m.find_nothing_line({ line: Number(line) + 1 });
}

/** What was asked, and this value too. */
export function narrowed(where: All | Any, field: Field, value: string): All {
  const added = { field: field.name, op: field.operators.includes('equals') ? 'equals' : field.operators[0]!, value };
  return 'all' in where ? { all: [...where.all, added] } : { all: [where, added] };
}

/** The outermost criteria on one field, as "By status" sets them. */
function ofField(where: All | Any, field: string): Criterion[] {
  if (!isAll(where)) return [];
  return where.all
    .filter(isCriterion)
    .filter((one) => one.field === field && (one.op === 'equals' || one.op === 'oneOf'));
}

/** The values of a field that the criteria ask for. */
export function chosenValues(where: All | Any, field: string): Set<string> {
  return new Set(
    ofField(where, field).flatMap(({ value }) => (Array.isArray(value) ? value.map(String) : [String(value)])),
  );
}

/** The criteria without those on one field. */
export function withoutField(where: All | Any, field: string): All | Any {
  const own = new Set<unknown>(ofField(where, field));
  return isAll(where) ? { all: where.all.filter((one) => !own.has(one)) } : where;
}

/** The criteria with one value of a field; without it where it was chosen. */
export function toggleValue(where: All | Any, field: string, value: string): All | Any {
  const rest = withoutField(where, field);
  if (chosenValues(where, field).has(value)) return rest;
  const others = isAll(rest) ? rest.all : [rest];
  return { all: [...others, { field, op: 'equals', value }] };
}
