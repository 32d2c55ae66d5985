import { bodyExamples } from './body-examples.ts';
import type { Json } from './components.ts';
import { operationsOf } from './operations-of.ts';
import { sampleOf } from './samples.ts';

/** Gives every JSON body and answer an example: once, at the component that it is of. */
export function addExamples({ paths, schemas }: { paths: Record<string, Json>; schemas: Record<string, Json> }): void {
  for (const operation of operationsOf(paths)) {
    const own = bodyExamples[operation['operationId'] as string];
    const body = operation['requestBody']?.content['application/json']?.schema.$ref as string | undefined;
    if (own !== undefined && body) schemas[body.split('/').at(-1)!]!['examples'] ??= [own];
  }
  for (const operation of operationsOf(paths)) {
    const contents = [
      operation['requestBody']?.content,
      ...Object.values(operation['responses'] as Json).map((one) => one.content),
    ];
    for (const content of contents) {
      const json = content?.['application/json'] as Json | undefined;
      if (!json || json['example'] !== undefined) continue;
      const { $ref } = (json['schema'].properties?.items?.items ?? json['schema']) as Json;
      if (typeof $ref !== 'string') json['example'] = sampleOf(json['schema'], { schemas });
      else exampleOfComponent($ref, schemas);
    }
  }
}

/** A component has one example; what others are made of, without anything that has to be there besides, serves for them too. */
function exampleOfComponent($ref: string, schemas: Record<string, Json>): void {
  const schema = schemas[$ref.split('/').at(-1)!]!;
  // Of several answers the first is shown: a record, before what would be.
  const first = schema['anyOf']?.[0] as Json | undefined;
  if (first?.['$ref']) {
    exampleOfComponent(first['$ref'] as string, schemas);
    return;
  }
  const [base, ...others] = (schema['allOf'] ?? (schema['$ref'] ? [schema] : [])) as Json[];
  if (base && others.length === 0 && !schema['required']) exampleOfComponent(base['$ref'] as string, schemas);
  else schema['examples'] ??= [sampleOf(schema, { schemas })];
}
