import type { Json } from './components.ts';

/**
 * Names of fields: those of other records, such as `company.name`, by what they begin with; those of points, which have the same names
 * below them, together.
 */
export function namesSchema(names: readonly string[]): Json[] {
  const beginning = /^(person|company|clickIds|submission|deal|\w+\.clickIds|companySource\.\w+\.clickIds)\./;
  const prefixes = [...new Set(names.flatMap((name) => beginning.exec(name)?.[1] ?? []))];
  const own = names.filter((name) => !prefixes.some((prefix) => name.startsWith(`${prefix}.`)));
  const points = pointsOf(own);
  const belowPoints = new Set(
    points.flatMap(({ prefixes: all, ends }) => all.flatMap((one) => ends.map((end) => one + end))),
  );
  return [
    { enum: own.filter((name) => !belowPoints.has(name)) },
    ...points.map((one) => ({ pattern: `^(${inPattern(one.prefixes)})(${one.ends.join('|')})$` })),
    ...(prefixes.length > 0 ? [{ pattern: `^(${inPattern(prefixes)})\\..+` }] : []),
  ];
}

const inPattern = (names: readonly string[]): string => names.join('|').replaceAll('.', '\\.');

/** What several names end with alike, behind the last point, with what they begin with. */
function pointsOf(names: readonly string[]): Array<{ prefixes: string[]; ends: string[] }> {
  const ends = new Map<string, string[]>();
  for (const name of names) {
    const at = name.lastIndexOf('.') + 1;
    if (at > 0) ends.set(name.slice(0, at), [...(ends.get(name.slice(0, at)) ?? []), name.slice(at)]);
  }
  const alike = Map.groupBy([...ends], ([, all]) => all.join('|'));
  return [...alike.values()]
    .filter((all) => all.length > 1 && all[0]![1].length > 3)
    .map((all) => ({ prefixes: all.map(([prefix]) => prefix), ends: all[0]![1] }));
}
