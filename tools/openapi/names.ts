import type { Operation } from '../../src/http/operation.ts';

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

/** `get /forms/:id/statistics` is `getFormsByIdStatistics`. */
export function operationIdOf({ method, path }: Pick<Operation, 'method' | 'path'>): string {
  return method + pascal(path.replace(/:(\w+)/g, 'by-$1'));
}

/** `/lead-statuses/:id` belongs to `Lead statuses`. */
export function tagOf(path: string): string {
  const [first = ''] = stepsOf(path);
  const text = first.replace(/\.\w+$/, '').replaceAll('-', ' ');
  return text[0]!.toUpperCase() + text.slice(1);
}
