import type { Json } from './components.ts';
import { nameOfShape } from './names.ts';

/**
 * Gives what stands in several schemas a name, and describes it once: objects and lists of values whatever is said of them where they
 * stand, then plain values with their words. Changes the schemas in place.
 */
export function shareSchemas(schemas: Record<string, Json>, others: Json): void {
  shareChanges(schemas);
  shareEqual({
    schemas,
    others,
    keyOf: (schema) => (isComposed(schema) ? JSON.stringify({ ...schema, description: undefined }) : null),
  });
}

/** Describes plain values that stand in several places once, with their words. */
export function shareValues(schemas: Record<string, Json>, others: Json): void {
  shareEqual({ schemas, others, keyOf: (schema) => JSON.stringify(schema) });
}

const isComposed = (schema: Json): boolean =>
  ['properties', 'anyOf', 'oneOf', 'allOf', 'enum', 'pattern'].some((name) => schema[name] !== undefined);

type Place = { holder: Json; key: string; owner: string };
type KeyOf = (schema: Json) => string | null;

/** What a reference takes, and what a component takes beside its schema. */
const referenceLength = 45;

function shareEqual({ schemas, others, keyOf }: { schemas: Record<string, Json>; others: Json; keyOf: KeyOf }): void {
  // The longest first, since what stands within it is then described once already.
  for (const used = new Set<string>(); ;) {
    const places = new Map<string, Place[]>();
    const add = (written: string, place: Place) => void places.set(written, [...(places.get(written) ?? []), place]);
    for (const [owner, schema] of Object.entries(schemas)) collect(schema, { owner, keyOf, add });
    collect(others, { owner: 'Inline', keyOf, add });
    for (const [name, schema] of Object.entries(schemas)) {
      const written = keyOf(schema);
      if (written !== null && places.has(written)) add(written, { holder: schemas, key: name, owner: name });
    }
    const [best] = [...places]
      .filter(([written, all]) => !used.has(written) && all.length > 1)
      .filter(([written, all]) => (all.length - 1) * (written.length - referenceLength) > referenceLength)
      .toSorted(([a], [b]) => b.length - a.length);
    if (!best) return;
    const [written, all] = best;
    used.add(written);
    const name =
      all.find(({ holder }) => holder === schemas)?.key ?? freeName(schemas, all[0]!, JSON.parse(written) as Json);
    schemas[name] ??= describeBest(JSON.parse(written) as Json, all);
    for (const { holder, key } of all) {
      if (holder === schemas && key === name) continue;
      const { description } = holder[key] as Json;
      const isSaid = description === undefined || description === schemas[name]['description'];
      holder[key] = { $ref: `#/components/schemas/${name}`, ...(isSaid ? {} : { description }) };
    }
  }
}

/** The words that stand in most places are said once. */
function describeBest(schema: Json, all: readonly Place[]): Json {
  const counts = new Map<string, number>();
  for (const { holder, key } of all) {
    const { description } = holder[key] as Json;
    if (typeof description === 'string') counts.set(description, (counts.get(description) ?? 0) + 1);
  }
  const [best] = [...counts].toSorted(([, a], [, b]) => b - a);
  return best ? { ...schema, description: best[0] } : schema;
}

function collect(
  value: Json,
  { owner, keyOf, add }: { owner: string; keyOf: KeyOf; add: (written: string, place: Place) => void },
): void {
  for (const [key, one] of Object.entries(value)) {
    if (typeof one !== 'object' || one === null || key === 'example' || key === 'examples') continue;
    if (key !== 'properties' && isSchema(one as Json)) {
      const written = keyOf(one as Json);
      if (written !== null) add(written, { holder: value, key, owner });
    }
    collect(one as Json, { owner, keyOf, add });
  }
}

function isSchema(value: Json): boolean {
  return !Array.isArray(value) && ['type', 'anyOf', 'oneOf', 'enum'].some((name) => isKeyword(value[name]));
}

/** A property may be called `type` too: then it is a schema, and no keyword. */
const isKeyword = (value: unknown): boolean => typeof value === 'string' || Array.isArray(value);

/** `AmountOfDeal` is no better than `Amount`: the shorter name where it is free. */
function freeName(schemas: Record<string, Json>, { key, owner }: Place, schema: Json): string {
  const isUnnamed = /^\d+$/.test(key) || ['items', 'schema', 'additionalProperties', 'propertyNames'].includes(key);
  const own = isUnnamed ? `${owner}Item` : key[0]!.toUpperCase() + key.slice(1);
  const byShape = nameOfShape(schema);
  for (const name of [
    ...(byShape ? [byShape] : []),
    own,
    owner + own,
    ...Array.from({ length: 40 }, (_, index) => `${own}${index + 2}`),
  ]) {
    if (!schemas[name]) return name;
  }
  throw new Error(`There are too many schemas called ${own}.`);
}

/** A new record is its changes with some of them required, where both have the same properties. */
function shareChanges(schemas: Record<string, Json>): void {
  for (const [name, schema] of Object.entries(schemas)) {
    const changes = `${name.replace(/^New/, '')}Changes`;
    const known = schemas[changes];
    if (!name.startsWith('New') || !known?.['properties'] || !schema['properties'] || known['required']) continue;
    if (propertiesOf(schema) !== propertiesOf(known)) continue;
    const required = (schema['required'] ?? []) as string[];
    schemas[name] = {
      allOf: [{ $ref: `#/components/schemas/${changes}` }],
      ...(required.length > 0 ? { required } : {}),
    };
  }
}

function propertiesOf({ properties }: Json): string {
  const plain = Object.entries(properties as Record<string, Json>).map(
    ([key, schema]) => [key, { ...schema, default: undefined }] as const,
  );
  return JSON.stringify(plain.toSorted(([a], [b]) => a.localeCompare(b)));
}
