import type { InputError } from '../errors.ts';
import { invalidInput, KildeError } from '../errors.ts';
import { parseCriteria } from './criteria.ts';
import type { Criteria } from './criteria.ts';
import { unknownField } from './fields.ts';
import type { FindField, QueryEntity } from './fields.ts';

export type SortKey = { field: string; direction: 'asc' | 'desc' };

/** Which records, what of them, and in which order. */
export type SegmentShape = { where: Criteria; columns: string[]; sort: SortKey[] };

export const maxColumns = 100;
export const maxSortKeys = 5;

/** What is shown, and the order, where nothing else is asked for. */
export const defaults: Record<QueryEntity, { columns: string[]; sort: SortKey[] }> = {
  person: {
    columns: [
      'email',
      'firstName',
      'lastName',
      'company.name',
      'leadStatus',
      'owner',
      'firstTouch.source',
      'leadCreation.source',
      'createdAt',
    ],
    sort: [{ field: 'createdAt', direction: 'desc' }],
  },
  company: {
    columns: ['name', 'domain', 'category', 'owner', 'personCount', 'companySource.firstTouch.source', 'createdAt'],
    sort: [{ field: 'createdAt', direction: 'desc' }],
  },
  submission: {
    columns: ['form', 'at', 'kind', 'person', 'touch.source', 'touch.medium', 'touch.campaign'],
    sort: [{ field: 'at', direction: 'desc' }],
  },
  deal: {
    columns: ['externalId', 'name', 'status', 'amount', 'currency', 'createdAt', 'closedAt', 'owner'],
    sort: [{ field: 'createdAt', direction: 'desc' }],
  },
  touch: {
    columns: ['person', 'at', 'channel', 'source', 'medium', 'campaign', 'landingPage'],
    sort: [{ field: 'at', direction: 'desc' }],
  },
};

/**
 * Reads the parts of a query that name fields. All mistakes are reported at once, each with its place.
 * @throws KildeError `invalid_input`.
 */
export function parseSegment(
  input: {
    entity: QueryEntity;
    where?: unknown;
    columns?: string[] | null | undefined;
    sort?: SortKey[] | null | undefined;
  },
  findField: FindField,
): SegmentShape {
  const { entity } = input;
  const { columns = null, sort = null } = input;
  const errors: InputError[] = [];
  columns?.forEach((name, index) => {
    if (findField(entity, name)) return;
    errors.push(unknownField({ location: `body.columns[${index}]`, name, entity, findField }));
  });
  sort?.forEach(({ field: name }, index) => {
    const field = findField(entity, name);
    const location = `body.sort[${index}].field`;
    if (!field) {
      errors.push(unknownField({ location, name, entity, findField, isKnown: ({ sortable }) => sortable }));
    } else if (!field.sortable) errors.push({ location, message: `A list cannot be sorted by '${name}'.` });
    else if (sort.findIndex((one) => one.field === name) < index) {
      errors.push({ location, message: `The list is sorted by '${name}' twice.` });
    }
  });
  let unnamed = 0;
  let where: Criteria = { all: [] };
  if (input.where !== undefined && input.where !== null) {
    try {
      where = parseCriteria(input.where, { entity, findField });
    } catch (error) {
      if (!(error instanceof KildeError) || error.code !== 'invalid_input') throw error;
      errors.push(...error.errors);
      unnamed = error.more;
    }
  }
  if (errors.length > 0) throw invalidInput(errors, unnamed);
  return { where, columns: columns ?? defaults[entity].columns, sort: sort ?? defaults[entity].sort };
}
