import type { Json } from './components.ts';

/** What a value looks like, by its property's name: the first that the schema allows is shown. */
const samples: Record<string, unknown[]> = {
  amount: [12_000],
  at: ['2026-09-01T10:00:00Z', '2026-09-01'],
  base: ['EUR'],
  campaign: ['webinar_sept'],
  channel: ['Paid Social'],
  code: ['not_found'],
  cron: ['0 8 * * 1'],
  currency: ['NOK'],
  day: ['2026-09-01'],
  domain: ['firma.no'],
  email: ['kari@firma.no'],
  externalId: ['D-1'],
  field: ['firstTouch.source'],
  firstName: ['Kari'],
  id: ['1', 1],
  landingPage: ['https://example.com/signup'],
  lastName: ['Nordmann'],
  medium: ['paid-social'],
  name: ['Contact', 'email'],
  en: ['Contact'],
  no: ['Kontakt'],
  op: ['equals', 'common'],
  page: ['https://example.com/signup'],
  quote: ['NOK'],
  referrerDomain: ['linkedin.com'],
  requestId: ['7a2f3b1c-5d6e-4f70-8192-a3b4c5d6e7f8'],
  slug: ['contact'],
  source: ['linkedin'],
  timeZone: ['Europe/Oslo'],
  url: ['https://example.com/signup?utm_source=linkedin'],
  shortUrl: ['https://edge.example.com/l/webinar'],
  value: ['linkedin'],
};

const formats: Record<string, string> = {
  'date-time': '2026-09-01T10:00:00Z',
  date: '2026-09-01',
  email: 'kari@firma.no',
  uri: 'https://example.com/',
  uuid: '7a2f3b1c-5d6e-4f70-8192-a3b4c5d6e7f8',
};

/** How deep an example shows what may be empty. */
const maxDepth = 0;

/** What a reference stands for, its own parts joined. */
function wholeOf({ $ref }: Json, schemas: Record<string, Json>): Json {
  const found = schemas[($ref as string).split('/').at(-1)!]!;
  if (!found['allOf']) return found;
  return joinParts([...(found['allOf'] as Json[]).map((one) => wholeOf(one, schemas)), { ...found, allOf: undefined }]);
}

/** One object with the properties of all. */
function joinParts(parts: readonly Json[]): Json {
  return {
    type: 'object',
    properties: Object.assign({}, ...parts.map(({ properties }) => properties as Json)) as Json,
    required: parts.flatMap(({ required = [] }) => required as string[]),
  };
}

/** A value that a schema allows, with all that has to be there. */
export function sampleOf(
  schema: Json,
  { schemas, name = '', depth = 0 }: { schemas: Record<string, Json>; name?: string; depth?: number },
): unknown {
  const { $ref, allOf } = schema;
  if (allOf) {
    const parts = (allOf as Json[]).map((one) => wholeOf(one, schemas));
    return sampleOf(joinParts([...parts, { ...schema, allOf: undefined }]), { schemas, name, depth });
  }
  if (typeof $ref === 'string') {
    const found = schemas[$ref.split('/').at(-1)!];
    if (!found) throw new Error(`${$ref} is not described.`);
    if (depth > 12) return {};
    return sampleOf(found, { schemas, name, depth });
  }
  if (schema['examples']?.length) return schema['examples'][0];
  if (schema['const'] !== undefined) return schema['const'];
  if (schema['default'] !== undefined && depth > 0) return schema['default'];
  const choices = (schema['anyOf'] ?? schema['oneOf']) as Json[] | undefined;
  if (choices) {
    const isNullable = choices.some((one) => one['type'] === 'null');
    return isNullable && depth > maxDepth ? null : sampleOf(choices[0]!, { schemas, name, depth });
  }
  const types = [schema['type']].flat() as string[];
  if (types.includes('null') && depth > maxDepth) return null;
  if (schema['enum']) {
    const own = (samples[name] ?? []).find((one) => schema['enum'].includes(one));
    return own ?? schema['enum'][0];
  }
  return sampleOfType(schema, { type: types[0], schemas, name, depth });
}

function sampleOfType(
  schema: Json,
  {
    type,
    schemas,
    name,
    depth,
  }: { type: string | undefined; schemas: Record<string, Json>; name: string; depth: number },
): unknown {
  switch (type) {
    case 'object': {
      const required = (schema['required'] ?? []) as string[];
      const properties = (schema['properties'] ?? {}) as Record<string, Json>;
      return Object.fromEntries(
        required.map((key) => [key, sampleOf(properties[key] ?? {}, { schemas, name: key, depth: depth + 1 })]),
      );
    }
    case 'array': {
      const tuple = schema['prefixItems'] as Json[] | undefined;
      if (tuple) return tuple.map((one) => sampleOf(one, { schemas, name, depth: depth + 1 }));
      const isShown = (schema['minItems'] ?? 0) > 0;
      return isShown && schema['items'] ? [sampleOf(schema['items'], { schemas, name, depth: depth + 1 })] : [];
    }
    case 'integer':
    case 'number': {
      const own = (samples[name] ?? []).find((one) => typeof one === 'number');
      return (
        own ??
        Math.max(schema['minimum'] ?? 1, schema['exclusiveMinimum'] === undefined ? 1 : schema['exclusiveMinimum'] + 1)
      );
    }
    case 'boolean':
      return false;
    case 'null':
      return null;
    case 'string':
      return sampleText(schema, name);
    case undefined:
    default:
      return {};
  }
}

function sampleText(schema: Json, name: string): string {
  if (schema['format'] && formats[schema['format']]) return formats[schema['format']]!;
  const { pattern, maxLength = Infinity, minLength = 0 } = schema;
  const fits = (one: unknown): one is string =>
    typeof one === 'string' &&
    one.length <= maxLength &&
    one.length >= minLength &&
    (pattern === undefined || new RegExp(pattern, 'u').test(one));
  const candidates = [...(samples[name] ?? []), 'text', '1', 'NOK', '2026-09-01', ''];
  const found = candidates.find(fits);
  if (found === undefined) throw new Error(`There is no sample of "${name}" that matches ${pattern}: add one.`);
  return found;
}
