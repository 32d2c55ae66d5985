import type { Operation } from '../../src/http/operation.ts';
import type { Json } from './components.ts';

/** What the parts of an operation are called, from its method and path: nobody has to name them. */

const irregular: Record<string, string> = {
  people: 'person',
  companies: 'company',
  statuses: 'status',
  categories: 'category',
  aliases: 'alias',
  deliveries: 'delivery',
  growth: 'growth',
  settings: 'settings',
  statistics: 'statistics',
  fields: 'field',
  status: 'status',
  process: 'process',
  replies: 'reply',
  suggestions: 'suggestion',
  touches: 'touch',
};

const singular = (word: string): string => irregular[word] ?? word.replace(/s$/, '');

const pascal = (text: string): string =>
  text
    .split(/[^a-zA-Z0-9]+/)
    .filter(Boolean)
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join('');

const stepsOf = (path: string): string[] => path.split('/').filter((step) => step !== '' && !step.startsWith(':'));

/** `/people/:id/journey` is `PersonJourney`, `/lead-statuses` is `LeadStatus`. */
export function resourceOf(path: string): string {
  return stepsOf(path)
    .map((step) =>
      pascal(
        step
          .split('-')
          .map((word, index, all) => (index === all.length - 1 ? singular(word) : word))
          .join('-'),
      ),
    )
    .join('');
}

export function bodyNameOf({ method, path }: Pick<Operation, 'method' | 'path'>, isCollection: boolean): string {
  const resource = resourceOf(path);
  if (method === 'patch') return `${resource}Changes`;
  if (method === 'put') return `${resource}List`;
  return method === 'post' && isCollection ? `New${resource}` : `${resource}Input`;
}

/** `get /people` is `listPeople`, `patch /people/:id` is `patchPerson`, `post /people/:id/merge` is `postPersonMerge`. */
export function operationIdOf({ method, path, list }: Pick<Operation, 'method' | 'path' | 'list'>): string {
  return list ? `list${pascal(stepsOf(path).join('-'))}` : method + resourceOf(path);
}

/** The whole path: where two operations would have the same id. */
export function longOperationIdOf({ method, path }: Pick<Operation, 'method' | 'path'>): string {
  return method + pascal(path.replace(/:(\w+)/g, 'by-$1'));
}

/** What a schema that nobody named is called: by what it has, so that another one beside it changes nothing. `IdName`, `IdNameOrNull`. */
export function nameOfShape(schema: Json): string | undefined {
  const { properties, anyOf, items, allOf, format, type } = schema;
  const moment = format === 'date-time' ? 'Moment' : format === 'date' ? 'Day' : undefined;
  if (moment) return Array.isArray(type) ? `${moment}OrNull` : moment;
  if (typeof properties === 'object' && properties !== null) {
    const base = (allOf as Json[] | undefined)?.[0]?.['$ref'] as string | undefined;
    const keys = Object.keys(properties as Json);
    const said = base ? keys.slice(0, 1) : keys.length > 3 ? keys.slice(0, 2) : keys;
    return (base?.split('/').at(-1) ?? '') + pascal(said.join('-'));
  }
  if (Array.isArray(anyOf) && anyOf.length === 2 && anyOf[1].type === 'null') {
    const inner = nameOfPart(anyOf[0] as Json);
    return inner && `${inner}OrNull`;
  }
  const each = typeof items === 'object' && items !== null ? nameOfPart(items as Json) : undefined;
  return each && `${each}s`;
}

const nameOfPart = (schema: Json): string | undefined =>
  typeof schema['$ref'] === 'string' ? schema['$ref'].split('/').at(-1) : nameOfShape(schema);

/** `/lead-statuses/:id` belongs to `Lead statuses`. */
export function tagOf(path: string): string {
  const [first = ''] = stepsOf(path);
  const text = first.replace(/(-settings)?\.\w+$/, '').replaceAll('-', ' ');
  return text[0]!.toUpperCase() + text.slice(1);
}
