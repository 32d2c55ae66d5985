import type { Json } from './components.ts';
import { operationsOf } from './operations-of.ts';

/** Answers and parameters that stand in several operations are described once. */
export function shareRepeated({
  paths,
  responses,
  parameters,
}: {
  paths: Record<string, Json>;
  responses: Record<string, Json>;
  parameters: Record<string, Json>;
}): void {
  const operations = operationsOf(paths);
  const share = (
    list: Array<{ holder: Json; key: string | number }>,
    into: Record<string, Json>,
    kind: string,
    nameOf: (value: Json, holder: Json) => string,
  ) => {
    const places = new Map<string, Array<{ holder: Json; key: string | number }>>();
    for (const place of list) {
      const value = place.holder[place.key] as Json;
      if (value['$ref']) continue;
      const written = JSON.stringify(value);
      places.set(written, [...(places.get(written) ?? []), place]);
    }
    for (const [written, all] of places) {
      if (all.length < 2) continue;
      const value = JSON.parse(written) as Json;
      let name = nameOf(value, all[0]!.holder);
      for (let number = 2; into[name]; number += 1) name = `${nameOf(value, all[0]!.holder)}${number}`;
      into[name] = value;
      for (const { holder, key } of all) holder[key] = { $ref: `#/components/${kind}/${name}` };
    }
  };
  share(
    [...operations, ...Object.values(paths)].flatMap(({ parameters: given = [] }) =>
      (given as Json[]).map((_, key) => ({ holder: given as Json, key })),
    ),
    parameters,
    'parameters',
    ({ name }) => name as string,
  );
  share(
    operations.flatMap(({ responses: given }) =>
      Object.keys(given as Json).map((key) => ({ holder: given as Json, key })),
    ),
    responses,
    'responses',
    (value) => {
      const schema = value['content']?.['application/json']?.schema as Json | undefined;
      const ref = (schema?.['$ref'] ?? schema?.['properties']?.items?.items?.$ref) as string | undefined;
      return ref
        ? ref.split('/').at(-1)! + (schema?.['$ref'] ? '' : 'Page')
        : (value['description'] as string).replaceAll(/\W/g, '');
    },
  );
}
