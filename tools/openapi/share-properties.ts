import type { Json } from './components.ts';

/**
 * Describes once the properties that several objects share: `FormAnswer` is a `Form` with secrets, and a new link has the properties of
 * its changes. What they share stands in a component of its own, or in the object that has nothing else. Changes the schemas in place.
 */
export function shareProperties(schemas: Record<string, Json>): void {
  for (;;) {
    const best = bestShared(schemas);
    if (!best) return;
    const { shared, holders } = best;
    const all = holders.map((name) => schemas[name]!);
    const needed = neededByAll(all);
    const base = holders.find((name) => isBase(schemas[name]!, { keys: shared, needed })) ?? freeName(schemas, holders);
    schemas[base] ??= newBase({ shared, holders: all });
    for (const name of holders) if (name !== base) schemas[name] = extendBase(schemas[name]!, { base, schemas });
  }
}

type Shared = { shared: string[]; holders: string[]; saved: number };
type Candidate = { name: string; schema: Json; written: Map<string, string> };

/** What a reference to a base takes, and what a base takes beside its properties. */
const [referenceLength, baseLength] = [75, 90];

/** The properties of two objects whose sharing saves the most, with all objects that have them. */
function bestShared(schemas: Record<string, Json>): Shared | undefined {
  const objects = Object.entries(schemas).flatMap(([name, schema]): Candidate[] =>
    canShare(schema) ? [{ name, written: writtenProperties(schema), schema }] : [],
  );
  let best: Shared | undefined;
  for (const [index, one] of objects.entries()) {
    for (const other of objects.slice(index + 1)) {
      const shared = [...one.written].filter(([key, text]) => other.written.get(key) === text);
      const length = shared.reduce((sum, [key, text]) => sum + key.length + text.length + 4, 0);
      if (length < referenceLength) continue;
      const keys = shared.map(([key]) => key);
      const holders = objects.filter(({ written }) => shared.every(([key, text]) => written.get(key) === text));
      const saved = (holders.length - 1) * length - costOf(holders, keys);
      if (saved > (best?.saved ?? 0)) best = { shared: keys, holders: holders.map(({ name }) => name), saved };
    }
  }
  return best;
}

/** What the references take, the base, and the names that only some have to have. */
function costOf(holders: readonly Candidate[], keys: readonly string[]): number {
  const needed = neededByAll(holders.map(({ schema }) => schema));
  const hasBase = holders.some(({ schema }) => isBase(schema, { keys, needed }));
  // A name that all have to have is said once.
  const saved = keys.filter((key) => needed.includes(key)).reduce((sum, key) => sum + key.length + 3, 0);
  return holders.length * referenceLength + (hasBase ? -referenceLength : baseLength) - (holders.length - 1) * saved;
}

const requiredOf = ({ required = [] }: Json): string[] => required as string[];

const neededByAll = (holders: readonly Json[]): string[] =>
  requiredOf(holders[0]!).filter((key) => holders.every((one) => requiredOf(one).includes(key)));

/** Whether an object is what others share, and can have others made of it: one that refuses further properties would refuse theirs. */
function isBase(schema: Json, { keys, needed }: { keys: readonly string[]; needed: readonly string[] }): boolean {
  const isOpen = schema['additionalProperties'] !== false && schema['unevaluatedProperties'] !== false;
  return (
    isOpen &&
    !schema['allOf'] &&
    Object.keys(schema['properties'] as Json).length === keys.length &&
    requiredOf(schema).every((key) => needed.includes(key))
  );
}

const plainKeywords = new Set([
  'type',
  'properties',
  'required',
  'additionalProperties',
  'description',
  'unevaluatedProperties',
  'allOf',
]);

/** An object that says nothing of its properties but what they are. */
function canShare(schema: Json): boolean {
  return (
    schema['type'] === 'object' &&
    schema['properties'] !== undefined &&
    (schema['additionalProperties'] ?? false) === false &&
    Object.keys(schema).every((key) => plainKeywords.has(key))
  );
}

function writtenProperties({ properties }: Json): Map<string, string> {
  return new Map(Object.entries(properties as Json).map(([key, schema]) => [key, JSON.stringify(schema)]));
}

function newBase({ shared, holders }: { shared: readonly string[]; holders: readonly Json[] }): Json {
  const { properties } = holders[0]!;
  const needed = neededByAll(holders).filter((key) => shared.includes(key));
  return {
    type: 'object',
    properties: Object.fromEntries(shared.map((key) => [key, properties[key] as Json])),
    ...(needed.length > 0 ? { required: needed } : {}),
  };
}

function extendBase(schema: Json, { base, schemas }: { base: string; schemas: Record<string, Json> }): Json {
  const { properties, required: _, additionalProperties, allOf = [], ...rest } = schema;
  const has = (key: string) => schemas[base]!['properties'][key] !== undefined;
  const known = requiredOf(schemas[base]!);
  const own = Object.entries(properties as Json).filter(([key]) => !has(key));
  const needed = requiredOf(schema).filter((key) => !known.includes(key));
  return {
    ...rest,
    allOf: [...(allOf as Json[]), { $ref: `#/components/schemas/${base}` }],
    ...(own.length > 0 ? { properties: Object.fromEntries(own) } : {}),
    ...(needed.length > 0 ? { required: needed } : {}),
    ...(additionalProperties === false ? { unevaluatedProperties: false } : {}),
  };
}

/** `NewForm` and `FormChanges` share `FormBase`. */
function freeName(schemas: Record<string, Json>, holders: readonly string[]): string {
  const shortest = holders.toSorted((a, b) => a.length - b.length || a.localeCompare(b))[0]!;
  const own = shortest.replace(/^New(?=[A-Z])|Changes$|Answer$|Input$/g, '');
  for (const name of [`${own}Base`, ...Array.from({ length: 40 }, (_, index) => `${own}Base${index + 2}`)]) {
    if (!schemas[name]) return name;
  }
  throw new Error(`There are too many parts of ${own}.`);
}
