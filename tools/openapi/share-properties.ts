import type { Json } from './components.ts';

/**
 * Describes once the properties that several objects share: a new link has the properties of its changes, and every point those of an
 * origin. What they share stands in a component of its own, or in the component that has nothing else. Changes the schemas in place.
 * @returns the names of the components that it made.
 */
export function shareProperties(schemas: Record<string, Json>, others: Json): Set<string> {
  const refused = new Set<string>();
  const made = new Set<string>();
  for (;;) {
    const best = bestShared(placesOf(schemas, others), refused);
    if (!best) return made;
    const { keys, places } = best;
    const base = places.find((place) => isBase(place, { keys, schemas }))?.key ?? freeName(schemas, keys);
    const described: Record<string, Json> = { ...schemas };
    described[base] ??= newBase({ keys, schemas: places.map(schemaAt) });
    const extending = places.filter(({ key, holder }) => holder !== schemas || key !== base);
    const extended = extending.map((place) => extendBase(schemaAt(place), { base, schemas: described }));
    const before = extending.reduce((sum, place) => sum + JSON.stringify(schemaAt(place)).length, 0);
    const baseLength = schemas[base] ? 0 : JSON.stringify(described[base]).length + base.length + 4;
    if (before <= JSON.stringify(extended).length + baseLength) {
      refused.add(String(keys));
      continue;
    }
    if (!schemas[base]) made.add(base);
    schemas[base] ??= described[base];
    for (const [index, { holder, key }] of extending.entries()) holder[key] = extended[index];
  }
}

/** A component that is another one, and nothing besides, is that one: under its own name, where the other's was made here. */
export function dropAliases(
  schemas: Record<string, Json>,
  { others, made }: { others: Json; made: Set<string> },
): void {
  for (const [name, schema] of Object.entries(schemas)) {
    const [only, ...more] = (schema['allOf'] ?? (schema['$ref'] ? [schema] : [])) as Json[];
    if (!only || more.length > 0 || Object.keys(schema).length > 1) continue;
    const target = (only['$ref'] as string).split('/').at(-1)!;
    if (!schemas[target]) continue;
    const [kept, dropped] = made.has(target) ? [name, target] : [target, name];
    made.delete(target);
    schemas[kept] = schemas[target];
    delete schemas[dropped];
    for (const value of [schemas, others]) renameReferences(value, { from: dropped, to: kept });
  }
}

function renameReferences(value: Json, names: { from: string; to: string }): void {
  for (const one of Object.values(value)) {
    if (typeof one !== 'object' || one === null) continue;
    if ((one as Json)['$ref'] === `#/components/schemas/${names.from}`)
      (one as Json)['$ref'] = `#/components/schemas/${names.to}`;
    renameReferences(one as Json, names);
  }
}

/**
 * A name that has to be there is one of a component that `allOf` itself refers to: what makes types of the description looks no deeper.
 */
export function nameBasesOfRequired(schemas: Record<string, Json>, value: Json): void {
  const found = ({ $ref }: Json): Json => schemas[($ref as string).split('/').at(-1)!]!;
  const owners = (bases: readonly Json[]): Json[] =>
    bases.flatMap((one) => [one, ...owners((found(one)['allOf'] ?? []) as Json[])]);
  for (const one of Object.values(value)) {
    if (typeof one !== 'object' || one === null) continue;
    const { allOf, required, properties = {} } = one as { allOf?: unknown; required?: unknown; properties?: Json };
    if (Array.isArray(allOf) && Array.isArray(required)) {
      const bases = allOf as Json[];
      for (const name of required as string[]) {
        if (properties[name] || bases.some((base) => found(base)['properties']?.[name])) continue;
        const owner = owners(bases).find((base) => found(base)['properties']?.[name]);
        if (owner && !found(owner)['required']?.includes(name)) bases.push({ ...owner });
      }
      const named = new Set(bases.map(({ $ref }) => $ref as string));
      const isSaid = (base: Json): boolean =>
        !found(base)['properties'] &&
        ((found(base)['allOf'] ?? []) as Json[]).every(({ $ref }) => named.has($ref as string));
      (one as Json)['allOf'] = bases.filter((base) => !isSaid(base));
    }
    nameBasesOfRequired(schemas, one as Json);
  }
}

/** A number behind a name tells it from others: where those stand elsewhere by now, it is left out. */
export function dropNumbers(schemas: Record<string, Json>, others: Json): void {
  for (const name of Object.keys(schemas)) {
    const plain = name.replace(/\d$/, '');
    if (schemas[plain]) continue;
    schemas[plain] = schemas[name]!;
    delete schemas[name];
    for (const value of [schemas, others]) renameReferences(value, { from: name, to: plain });
  }
}

/** Leaves out components that nothing refers to. */
export function dropUnused(schemas: Record<string, Json>, others: Json): void {
  const written = () => JSON.stringify([schemas, others]);
  for (let text = written(), before = ''; text !== before; before = text, text = written()) {
    for (const name of Object.keys(schemas)) if (!text.includes(`"#/components/schemas/${name}"`)) delete schemas[name];
  }
}

type Place = { holder: Json; key: string; owner: string; written: Map<string, string> };
type Shared = { keys: string[]; places: Place[]; saved: number };

const schemaAt = ({ holder, key }: Place): Json => holder[key] as Json;

/** All objects that say nothing but what their properties are. */
function placesOf(schemas: Record<string, Json>, others: Json): Place[] {
  const places: Place[] = [];
  const visit = (holder: Json, owner?: string): void => {
    for (const [key, value] of Object.entries(holder)) {
      if (typeof value !== 'object' || value === null || key === 'example' || key === 'examples') continue;
      const here = owner ?? key;
      if (canShare(value as Json)) places.push({ holder, key, owner: here, written: writtenProperties(value as Json) });
      visit(value as Json, here);
    }
  };
  visit(schemas);
  visit(others, 'Inline');
  return places;
}

/** What a reference to a base takes. */
const referenceLength = 58;

/** The properties of two objects whose sharing saves the most, with all objects that have them. */
function bestShared(places: readonly Place[], refused: ReadonlySet<string>): Shared | undefined {
  const holders = new Map<string, number[]>();
  for (const [index, { written }] of places.entries()) {
    for (const [key, text] of written) {
      const property = `${key} ${text}`;
      holders.set(property, [...(holders.get(property) ?? []), index]);
    }
  }
  let best: Shared | undefined;
  const seen = new Set<string>();
  for (const [index, { written }] of places.entries()) {
    const shared = new Map<number, string[]>();
    for (const [key, text] of written) {
      for (const other of holders.get(`${key} ${text}`)!) {
        if (other > index) shared.set(other, [...(shared.get(other) ?? []), key]);
      }
    }
    for (const keys of shared.values()) {
      const name = `${index} ${String(keys)}`;
      if (keys.length < 2 || seen.has(name) || refused.has(String(keys))) continue;
      seen.add(name);
      const length = keys.reduce((sum, key) => sum + key.length + written.get(key)!.length + 4, 0);
      if (length < referenceLength) continue;
      const lists = keys.map((key) => holders.get(`${key} ${written.get(key)!}`)!);
      const all = lists[0]!.filter((one) => lists.every((list) => list.includes(one)));
      const saved = (all.length - 1) * length - all.length * referenceLength;
      if (saved > (best?.saved ?? 0)) best = { keys, places: all.map((one) => places[one]!), saved };
    }
  }
  return best;
}

const requiredOf = ({ required = [] }: Json): string[] => required as string[];

const neededByAll = (schemas: readonly Json[]): string[] =>
  requiredOf(schemas[0]!).filter((key) => schemas.every((one) => requiredOf(one).includes(key)));

/** Whether a component is what others share, and can have others made of it. */
function isBase({ holder, key }: Place, { keys, schemas }: { keys: readonly string[]; schemas: Json }): boolean {
  const schema = holder[key] as Json;
  const isWhole = Object.keys(schema['properties'] as Json).length === keys.length && !schema['allOf'];
  return holder === schemas && isWhole && requiredOf(schema).length === 0;
}

const plainKeywords = new Set(['type', 'properties', 'required', 'description', 'allOf']);

function canShare(schema: Json): boolean {
  const { properties } = schema;
  return (
    (schema['type'] === 'object' || Array.isArray(schema['allOf'])) &&
    typeof properties === 'object' &&
    properties !== null &&
    Object.keys(schema).every((key) => plainKeywords.has(key))
  );
}

function writtenProperties({ properties }: Json): Map<string, string> {
  return new Map(Object.entries(properties as Json).map(([key, schema]) => [key, JSON.stringify(schema)]));
}

function newBase({ keys, schemas }: { keys: readonly string[]; schemas: readonly Json[] }): Json {
  const { properties } = schemas[0]!;
  const needed = neededByAll(schemas).filter((key) => keys.includes(key));
  return {
    type: 'object',
    properties: Object.fromEntries(keys.map((key) => [key, properties[key] as Json])),
    ...(needed.length > 0 ? { required: needed } : {}),
  };
}

function extendBase(schema: Json, { base, schemas }: { base: string; schemas: Record<string, Json> }): Json {
  const { type: _type, properties, required: _, allOf = [], ...rest } = schema;
  const has = (key: string) => schemas[base]!['properties'][key] !== undefined;
  const known = requiredOf(schemas[base]!);
  const own = Object.entries(properties as Json).filter(([key]) => !has(key));
  const needed = requiredOf(schema).filter((key) => !known.includes(key));
  const $ref = `#/components/schemas/${base}`;
  if ((allOf as Json[]).length === 0 && own.length === 0 && needed.length === 0) return { ...rest, $ref };
  return {
    ...rest,
    allOf: [...(allOf as Json[]), { $ref }],
    ...(own.length > 0 ? { properties: Object.fromEntries(own) } : {}),
    ...(needed.length > 0 ? { required: needed } : {}),
  };
}

/** By the first properties, and by as many as tell it from others. */
function freeName(schemas: Record<string, Json>, keys: readonly string[]): string {
  const words = keys.map((key) => key[0]!.toUpperCase() + key.slice(1));
  const names = words.map((_, index) => words.slice(0, index + 1).join('')).slice(1);
  const found = [...names, ...[2, 3, 4, 5].flatMap((number) => names.map((name) => `${name}${number}`))].find(
    (name) => !schemas[name],
  );
  if (!found) throw new Error(`There are too many shared objects with the properties ${keys.join(', ')}.`);
  return found;
}
