import * as z from 'zod';

/** A part of the description. */
// oxlint-disable-next-line no-explicit-any -- JSON of many shapes
export type Json = { [name: string]: any };

/**
 * The named components of a description. A schema gets its name where it is first used as a body, an answer or an item; one that says
 * `.meta({ id: 'Touch' })` has that name wherever it stands. What is used in several places is described once.
 */
export class Components {
  readonly schemas: Record<string, Json> = {};
  readonly #names = new Map<z.ZodType, string>();
  readonly #io = new Map<string, 'input' | 'output'>();
  readonly #wordsOf: (name: string, owner: string) => string;

  constructor(wordsOf: (name: string, owner: string) => string) {
    this.#wordsOf = wordsOf;
  }

  /** A reference to the schema, described under its name. @param name the name, where it has none of its own. */
  ref(schema: z.ZodType, { name, io }: { name: string; io: 'input' | 'output' }): Json {
    const named = this.#names.get(schema) ?? this.#freeName(schema.meta()?.id ?? name, { schema, io });
    if (!this.schemas[named]) {
      this.#names.set(schema, named);
      this.schemas[named] = {};
      this.schemas[named] = this.convert(schema, { io, owner: named, isRoot: true });
    }
    return { $ref: `#/components/schemas/${named}` };
  }

  /** Any object, under a name: an answer that is a file. */
  open(name: string): Json {
    this.schemas[name] ??= { type: 'object', description: 'A file of JSON' };
    return { schema: { $ref: `#/components/schemas/${name}` } };
  }

  /** The schema in place, with references to those in it that have names. */
  convert(
    schema: z.ZodType,
    { io, owner, isRoot = false }: { io: 'input' | 'output'; owner: string; isRoot?: boolean },
  ): Json {
    const names = this.#names;
    const metadata = {
      get: (one: z.ZodType) => {
        const { id: own, ...meta } = (z.globalRegistry.get(one) ?? {}) as Json;
        const id = names.get(one) ?? own;
        return isRoot && one === schema ? meta : { ...meta, ...(id ? { id } : {}) };
      },
      has: (one: z.ZodType) => z.globalRegistry.has(one),
    };
    const {
      $schema: _,
      $defs = {},
      ...described
    } = z.toJSONSchema(schema, {
      io,
      unrepresentable: 'any',
      metadata: metadata as never,
      override: ({ jsonSchema }) => tidy(jsonSchema as Json, io),
    }) as Json;
    for (const [id, { id: _id, ...inner }] of Object.entries($defs as Record<string, Json>)) {
      const known = this.schemas[id];
      if (known === undefined || (io === 'input' && this.#io.get(id) !== 'input' && Object.keys(known).length === 0)) {
        this.schemas[id] = this.#finish(inner, id);
        this.#io.set(id, io);
      }
    }
    return this.#finish(described, owner);
  }

  #finish(schema: Json, owner: string): Json {
    const { id: _, ...rest } = schema;
    const described = this.#describe(
      JSON.parse(JSON.stringify(rest).replaceAll('#/$defs/', '#/components/schemas/')) as Json,
      owner,
    );
    return inOrder(described);
  }

  /** Puts words to every property that has none. */
  #describe(schema: Json, owner: string): Json {
    for (const [name, property] of Object.entries((schema['properties'] ?? {}) as Record<string, Json>)) {
      property['description'] ??= this.#wordsOf(name, owner);
    }
    for (const value of Object.values(schema)) {
      if (Array.isArray(value)) for (const one of value) if (isObject(one)) this.#describe(one, owner);
      if (isObject(value)) this.#describe(value, owner);
    }
    return schema;
  }

  #freeName(name: string, { schema, io }: { schema: z.ZodType; io: 'input' | 'output' }): string {
    for (const candidate of [name, `${name}${io === 'input' ? 'Input' : 'Answer'}`, `${name}2`, `${name}3`]) {
      if (!this.schemas[candidate] && ![...this.#names.values()].includes(candidate)) return candidate;
    }
    throw new Error(`There are too many schemas called ${name}: give ${schema.type} a name with .meta({ id }).`);
  }
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A schema with its keywords in one order: what is the same is written the same. */
function inOrder(schema: Json): Json {
  const ordered = (value: unknown, isSchema: boolean): unknown => {
    if (Array.isArray(value)) return value.map((one) => ordered(one, true));
    if (!isObject(value)) return value;
    const entries = Object.entries(value).map(
      ([key, one]) =>
        [key, isSchema && asItIs.has(key) ? one : ordered(one, !isSchema || key !== 'properties')] as const,
    );
    return Object.fromEntries(isSchema ? entries.toSorted(([a], [b]) => a.localeCompare(b)) : entries);
  };
  return ordered(schema, true) as Json;
}
const asItIs = new Set(['default', 'enum', 'examples', 'required', 'type']);

/** Of ids and of currencies: their words say as much. */
const plainPatterns = new Set<unknown>(['^[1-9]\\d{0,14}$', '^[A-Z]{3}$']);

/** What says the same in fewer words, or nothing. */
function tidy(schema: Json, io: 'input' | 'output'): void {
  // The pattern that zod adds says again, at length, what the format says; and an answer may grow new fields.
  if (schema['format']) delete schema['pattern'];
  if (io === 'output' || schema['additionalProperties'] === false) delete schema['additionalProperties'];
  for (const name of ['maxLength', 'minLength', 'maxItems']) delete schema[name];
  // What is said of numbers that nobody sends, of ids, and of what is so anyhow.
  for (const name of ['maximum', 'minimum']) if (Math.abs(schema[name]) >= 1e12) delete schema[name];
  if (schema['format'] || plainPatterns.has(schema['pattern'])) delete schema['pattern'];
  if ([false, 0, ''].includes(schema['default'])) delete schema['default'];
  if (schema['type'] === 'integer') {
    if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
    if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  }
  if (schema['propertyNames']?.type === 'string' && Object.keys(schema['propertyNames']).length === 1)
    delete schema['propertyNames'];
  // A choice that was written beside what the value becomes.
  if (schema['anyOf'] && schema['type'] && schema['items']) {
    for (const name of ['type', 'items', 'minItems', 'maxItems']) delete schema[name];
  }
  // A record by a list of names: none of them has to be there.
  if (schema['propertyNames'] && !schema['properties']) delete schema['required'];
  const { anyOf } = schema;
  if (Array.isArray(anyOf) && anyOf.some((one) => Object.keys(one as Json).length === 0)) delete schema['anyOf'];
  if (!Array.isArray(anyOf) || anyOf.length !== 2 || anyOf[1]?.type !== 'null') return;
  const { type } = anyOf[0] as Json;
  // A type or null; where the type lists its values, null is one of them.
  if (typeof type !== 'string' || type === 'object' || anyOf[0].const !== undefined || anyOf[0].allOf) return;
  delete schema['anyOf'];
  Object.assign(schema, anyOf[0], schema['description'] ? { description: schema['description'] } : {});
  schema['type'] = [type, 'null'];
  if (schema['format']) delete schema['pattern'];
  if (schema['enum']) schema['enum'] = [...schema['enum'], null];
}
