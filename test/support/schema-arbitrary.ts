import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';

type JsonSchema = Record<string, any>;

/** Texts that mean something to somebody: to SQL, HTML, spreadsheets, headers, templates, file systems, parsers. */
export const nastyText: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "' OR 1=1 --",
    "'; DROP TABLE person; --",
    '") UNION SELECT hash FROM api_key --',
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '=HYPERLINK("https://evil.example","x")',
    '@SUM(1+1)*cmd|/C calc',
    'a\r\nSet-Cookie: x=y',
    'a\u2028b',
    '\0',
    '\ud800',
    '%00%0d%0a',
    '../../etc/passwd',
    '${7*7}{{7*7}}',
    'javascript:alert(1)',
    '//evil.example/x',
    'https://evil.example\\@firma.no/',
    'http://127.0.0.1:8788/',
    '__proto__',
    'constructor',
    'null',
    'NaN',
    '1e309',
    '9007199254740993',
    '-1',
    '2026-02-30',
    '٣٤',
    'İstanbul',
    'e\u0301\u0301\u0301',
    '\u202egnp.exe',
    ' ',
    '',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 12 }),
  fc.integer({ min: 200, max: 6_000 }).map((length) => 'å'.repeat(length)),
);

/** JSON whose nesting would overflow the stack of whoever walks it, in a value that `JSON.stringify` can write. */
const deep = (levels: number): unknown => {
  let value: unknown = [];
  for (let n = 0; n < levels; n += 1) value = n % 2 === 0 ? [value] : { a: value };
  return value;
};

/** A list of many members that no schema expects. */
const long = fc
  .constantFrom(1, {}, 'x', null)
  .chain((member) => fc.constantFrom(1_001, 60_000).map((length) => Array.from({ length }, () => member)));

const anything: Arbitrary<unknown> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(65, 1_500).map(deep) },
  { weight: 1, arbitrary: long },
  { weight: 1, arbitrary: fc.constantFrom(2 ** 63, 1e300, Number.MIN_VALUE, '\udc00x', 'x\ud83d') },
  { weight: 4, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 4, arbitrary: nastyText },
  { weight: 4, arbitrary: fc.constantFrom(null, -0, 1e308, 2 ** 53, -(2 ** 63), true, [], {}, [[[[]]]], { $ne: 1 }) },
);

/** Values of a schema's shape, and now and then something else in a place of it. */
export function ofSchema(schema: JsonSchema, depth = 0): Arbitrary<unknown> {
  const fitting = fittingOf(schema, depth);
  return fc.oneof({ weight: 25, arbitrary: fitting }, { weight: 1, arbitrary: anything });
}

function fittingOf(schema: JsonSchema, depth: number): Arbitrary<unknown> {
  if (depth > 6) return anything;
  if ('const' in schema) return fc.constant(schema['const']);
  if (schema['enum']) return fc.constantFrom(...(schema['enum'] as unknown[]));
  const union = (schema['anyOf'] ?? schema['oneOf']) as JsonSchema[] | undefined;
  if (union) return fc.oneof(...union.map((one) => ofSchema(one, depth + 1)));
  switch (schema['type']) {
    case 'object':
      return objectOf(schema, depth);
    case 'array': {
      const items = Array.isArray(schema['prefixItems']) ? {} : (schema['items'] as JsonSchema | undefined);
      return fc.array(ofSchema(items ?? {}, depth + 1), { maxLength: 4 });
    }
    case 'integer':
    case 'number':
      return fc.oneof(
        fc.integer({
          min: Math.max(-5, Math.ceil(schema['minimum'] ?? -5)),
          max: Math.max(10, Math.min(1_000, Math.floor(schema['maximum'] ?? 1_000))),
        }),
        fc.double(),
      );
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      return textOf(schema);
    default:
      return anything;
  }
}

function objectOf(schema: JsonSchema, depth: number): Arbitrary<unknown> {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);
  const required = new Set((schema['required'] ?? []) as string[]);
  const known = fc.record(Object.fromEntries(properties.map(([name, one]) => [name, ofSchema(one, depth + 1)])), {
    requiredKeys: properties.map(([name]) => name).filter((name) => required.has(name)),
  });
  const more = schema['additionalProperties'];
  if (typeof more !== 'object' || more === null) return known;
  return fc
    .tuple(known, fc.dictionary(nastyText, ofSchema(more as JsonSchema, depth + 1), { maxKeys: 3 }))
    .map(([a, b]) => Object.assign({}, a, b) as unknown);
}

function textOf({ format, pattern }: JsonSchema): Arbitrary<string> {
  const fitting: Arbitrary<string> =
    format === 'email'
      ? fc.constantFrom('kari@firma.no', 'ola@gmail.com')
      : format === 'date-time'
        ? fc.constantFrom('2026-08-01T10:00:00Z', '2026-08-01T12:00:00+02:00')
        : format === 'date'
          ? fc.constantFrom('2026-08-01', '2024-02-29')
          : typeof pattern === 'string' && pattern.includes('[1-9]')
            ? fc.constantFrom('1', '2', '99')
            : fc.constantFrom(
                'kari@firma.no',
                'https://firma.no/a?utm_source=x',
                'firma.no',
                'NOK',
                'linkedin',
                'leads',
                'source',
                'Europe/Oslo',
                '0 8 * * 1',
                'top-paths',
                'Open',
                'demo',
                '1',
                '2026-08-01',
              );
  return fc.oneof({ weight: 3, arbitrary: fitting }, { weight: 1, arbitrary: nastyText });
}
