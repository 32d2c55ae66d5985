/** A tree of criteria, as `POST /segments/query` takes it, and the changes that the builder makes of it. Nothing here knows the page. */

export type Criterion = { field: string; op: string; value?: unknown };
export type Has = { has: string; where?: Condition; count?: Record<string, number> };
export type All = { all: Condition[] };
export type Any = { any: Condition[] };
export type Not = { not: Condition };
export type Condition = All | Any | Not | Has | Criterion;
/** The keys and places that lead to a condition: `['all', 1, 'any', 0]`. */
export type Path = ReadonlyArray<string | number>;

export const isAll = (condition: Condition): condition is All => 'all' in condition;
export const isAny = (condition: Condition): condition is Any => 'any' in condition;
export const isNot = (condition: Condition): condition is Not => 'not' in condition;
export const isHas = (condition: Condition): condition is Has => 'has' in condition;
export const isCriterion = (condition: Condition): condition is Criterion => 'field' in condition;
export const isGroup = (condition: Condition): condition is All | Any => isAll(condition) || isAny(condition);

export function conditionsOf(group: All | Any): Condition[] {
  return isAll(group) ? group.all : group.any;
}

/** The tree that an address holds; an empty one where there is none or it cannot be read. The outermost condition is a group. */
export function readWhere(text: string | undefined): All | Any {
  if (text === undefined) return { all: [] };
  try {
    const where = JSON.parse(text) as Condition;
    if (typeof where !== 'object' || where === null) return { all: [] };
    return isGroup(where) ? where : { all: [where] };
  } catch {
    return { all: [] };
  }
}

/** For the address: nothing where nothing is asked. */
export function writeWhere(where: All | Any): string | undefined {
  return conditionsOf(where).length === 0 ? undefined : JSON.stringify(where);
}

/** As the API names the place: `where.all[1].any[0]`. */
export function locationOf(path: Path): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${part}`),
    'where',
  );
}

/** The tree with another condition at a place; null takes it away. A group that loses its last condition stays, to be filled again. */
export function replaceAt<Tree extends Condition>(tree: Tree, path: Path, next: Condition | null): Tree {
  const [key, ...rest] = path;
  if (key === undefined) return (next ?? tree) as Tree;
  const parent = tree as unknown as Record<string, unknown>;
  const place = rest[0];
  if (typeof place === 'number') {
    const list = parent[key] as Condition[];
    const below = rest.slice(1);
    const changed =
      below.length === 0
        ? next === null
          ? list.filter((_, at) => at !== place)
          : list.map((one, at) => (at === place ? next : one))
        : list.map((one, at) => (at === place ? replaceAt(one, below, next) : one));
    return { ...parent, [key]: changed } as unknown as Tree;
  }
  return { ...parent, [key]: replaceAt(parent[key] as Condition, rest, next) } as unknown as Tree;
}

/** The tree with a condition more at the end of a group. */
export function addTo<Tree extends Condition>(tree: Tree, path: Path, added: Condition): Tree {
  const group = conditionAt(tree, path) as All | Any;
  const next = isAll(group) ? { all: [...group.all, added] } : { any: [...group.any, added] };
  return replaceAt(tree, path, next);
}

export function conditionAt(tree: Condition, path: Path): Condition {
  return path.reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], tree) as Condition;
}

/** Whether every value that has to be given is given: what is half built is not sent. */
export function isComplete(condition: Condition): boolean {
  if (isGroup(condition)) return conditionsOf(condition).every((one) => isComplete(one));
  if (isNot(condition)) return isComplete(condition.not);
  if (isHas(condition)) return condition.where === undefined || isComplete(condition.where);
  if (withoutValue.has(condition.op)) return true;
  const { value } = condition;
  return Array.isArray(value)
    ? value.length > 0 && value.every((one) => one !== '')
    : value !== undefined && value !== '';
}

/** The tree without what is half built and without empty groups. */
export function complete(condition: All | Any): All | Any {
  const kept = conditionsOf(condition).flatMap((one): Condition[] => {
    if (isGroup(one)) {
      const group = complete(one);
      return conditionsOf(group).length === 0 ? [] : [group];
    }
    if (isNot(one) && isGroup(one.not)) {
      const group = complete(one.not);
      return conditionsOf(group).length === 0 ? [] : [{ not: group }];
    }
    return isComplete(one) ? [one] : [];
  });
  return isAll(condition) ? { all: kept } : { any: kept };
}

/** Operators that take no value. */
export const withoutValue: ReadonlySet<string> = new Set(['empty', 'notEmpty', 'today', 'beforeToday', 'afterToday']);
/** Operators that take several values. */
export const ofMany: ReadonlySet<string> = new Set(['oneOf', 'noneOf']);
/** Operators that take a unit and a count. */
export const relative: ReadonlySet<string> = new Set([
  'this',
  'previous',
  'next',
  'thisAndPrevious',
  'thisAndNext',
  'previousThisAndNext',
  'lastDays',
  'nextDays',
]);

/** What stands in a line before anybody has chosen: the first operator, and no value. */
export function newCriterion(field: { name: string; operators: readonly string[]; type: string }): Criterion {
  const wanted =
    field.type === 'date' ? 'lastDays' : field.type === 'list' ? 'oneOf' : field.type === 'number' ? 'gte' : 'equals';
  const op = field.operators.includes(wanted) ? wanted : field.operators[0]!;
  return { field: field.name, op, ...emptyValue(op) };
}

/** The value an operator begins with. */
export function emptyValue(op: string): { value?: unknown } {
  if (withoutValue.has(op)) return {};
  if (ofMany.has(op)) return { value: [] };
  if (op === 'between') return { value: ['', ''] };
  if (op === 'lastDays' || op === 'nextDays') return { value: { unit: 'day', count: 30 } };
  if (op === 'this') return { value: { unit: 'month' } };
  if (relative.has(op)) return { value: { unit: 'month', count: 1 } };
  return { value: '' };
}
