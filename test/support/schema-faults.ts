/** A schema of the description of the API, or a part of one. */
// oxlint-disable-next-line no-explicit-any -- JSON of many shapes
type Json = { [name: string]: any };

const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

/**
 * Where a value is not what a schema of the description allows; by the keywords that the description uses. workerd makes no code from
 * text, as validators of others do.
 */
export function schemaFaults(
  value: unknown,
  { schema, described, at = '$' }: { schema: Json; described: Json; at?: string },
): string[] {
  const check = (one: unknown, part: Json, where: string): string[] =>
    schemaFaults(one, { schema: part, described, at: where });
  const holds = (part: Json): boolean => check(value, part, at).length === 0;
  const faults: string[] = [];
  const say = (text: string): void => void faults.push(`${at}: ${text}`);
  if (typeof schema['$ref'] === 'string') {
    const found = schema['$ref']
      .slice(2)
      .split('/')
      .reduce((where: Json, step) => where?.[step], described);
    if (found === undefined) say(`${schema['$ref']} is not described`);
    else faults.push(...check(value, found, at));
  }
  for (const part of schema['allOf'] ?? []) faults.push(...check(value, part, at));
  for (const name of ['anyOf', 'oneOf'])
    if (schema[name] && !(schema[name] as Json[]).some(holds))
      say(`none of ${name} holds for ${JSON.stringify(value)}`);
  if (schema['enum'] && !schema['enum'].includes(value)) say(`${JSON.stringify(value)} is not listed`);
  if ('const' in schema && schema['const'] !== value)
    say(`${JSON.stringify(value)} is not ${JSON.stringify(schema['const'])}`);
  const types = [schema['type'] ?? []].flat() as string[];
  const type = typeOf(value);
  if (types.length > 0 && !types.includes(type) && !(types.includes('integer') && Number.isInteger(value))) {
    return [...faults, `${at}: ${type} is not ${types.join(' or ')}`];
  }
  if (typeof value === 'string' && schema['pattern'] && !new RegExp(schema['pattern'], 'u').test(value))
    say(`${value} does not match`);
  if (typeof value === 'string' && schema['format'] === 'date-time' && Number.isNaN(Date.parse(value)))
    say(`${value} is no moment`);
  if (
    typeof value === 'number' &&
    (value < (schema['minimum'] ?? -Infinity) || value > (schema['maximum'] ?? Infinity))
  )
    say(`${value} is out of bounds`);
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries())
      if (schema['items']) faults.push(...check(one, schema['items'], `${at}[${index}]`));
  } else if (type === 'object') faults.push(...faultsOfObject(value as Json, { schema, check, at }));
  return faults;
}

function faultsOfObject(
  value: Json,
  { schema, check, at }: { schema: Json; check: (one: unknown, part: Json, where: string) => string[]; at: string },
): string[] {
  const { properties = {}, required = [], propertyNames, additionalProperties } = schema;
  const missing = (required as string[])
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => `${at}: ${name} is missing`);
  const members = Object.entries(value).flatMap(([name, one]) => [
    ...(propertyNames ? check(name, propertyNames as Json, `${at}.${name}`) : []),
    ...(properties[name] ? check(one, properties[name] as Json, `${at}.${name}`) : []),
    ...(!properties[name] && typeof additionalProperties === 'object'
      ? check(one, additionalProperties as Json, `${at}.${name}`)
      : []),
  ]);
  return [...missing, ...members];
}
