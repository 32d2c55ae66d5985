import type { Json } from './components.ts';

const prefix = '#/components/schemas/';

/** What is referred to once, and only from within another schema, stands where it is used: a reference is longer. Changes the schemas in place. */
export function inlineSingles(schemas: Record<string, Json>, others: Json): void {
  const kept = new Set(placesOf(others).map(({ name }) => name));
  for (;;) {
    const places = placesOf(schemas);
    const counts = new Map<string, number>();
    for (const { name } of places) counts.set(name, (counts.get(name) ?? 0) + 1);
    const single = places.find(({ name, owner, key }) => isSingle({ name, owner, key }));
    if (!single) return;
    const { holder, key, name } = single;
    const { $ref: _, ...said } = holder[key] as Json;
    holder[key] = { ...schemas[name], ...said };
    delete schemas[name];

    function isSingle({ name, owner, key }: Pick<Place, 'name' | 'owner' | 'key'>): boolean {
      // An object that others are made of stays: `allOf` takes references alone.
      return counts.get(name) === 1 && !kept.has(name) && owner !== name && !/^\d+$/.test(key);
    }
  }
}

type Place = { holder: Json; key: string; name: string; owner: string };

function placesOf(value: Json, owner?: string): Place[] {
  return Object.entries(value).flatMap(([key, one]): Place[] => {
    if (typeof one !== 'object' || one === null || key === 'example' || key === 'examples') return [];
    const { $ref } = one as Json;
    const here = owner ?? key;
    if (typeof $ref !== 'string') return placesOf(one as Json, here);
    return $ref.startsWith(prefix) ? [{ holder: value, key, name: $ref.slice(prefix.length), owner: here }] : [];
  });
}
