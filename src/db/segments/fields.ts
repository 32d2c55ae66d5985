import type { Entity } from '../../domain/segments/fields.ts';
import { companyFields } from './company-fields.ts';
import { dealFields } from './deal-fields.ts';
import type { Field } from './declare.ts';
import { fieldsOfParents } from './parents.ts';
import { personFields } from './person-fields.ts';
import { selectionFields } from './selection-fields.ts';
import { findAnswerField, submissionFields } from './submission-fields.ts';
import { touchFields } from './touch-fields.ts';

export type { Field };

/** What can be a parent, with its own parents' fields. */
const parents = {
  person: [...personFields, ...fieldsOfParents('person', { company: companyFields })],
  company: companyFields,
};

/** Every field there is, by entity: its own, and those of what it belongs to. To add one is to add an entry to its entity's list. */
export const fields: Readonly<Record<Entity, readonly Field[]>> = {
  ...parents,
  submission: [...submissionFields, ...fieldsOfParents('submission', parents)],
  deal: [...dealFields, ...fieldsOfParents('deal', parents)],
  touch: [...touchFields, ...fieldsOfParents('touch', parents)],
  selection: selectionFields,
};

const byName = new Map(
  Object.values(fields)
    .flat()
    .map((field) => [`${field.entity}:${field.name}`, field]),
);

export function findField(entity: Entity, name: string): Field | undefined {
  return byName.get(`${entity}:${name}`) ?? (entity === 'submission' ? findAnswerField(name) : undefined);
}
