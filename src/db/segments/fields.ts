import type { Entity } from '../../domain/segments/fields.ts';
import { companyFields } from './company-fields.ts';
import { dealFields } from './deal-fields.ts';
import type { Field } from './declare.ts';
import { personFields } from './person-fields.ts';
import { selectionFields } from './selection-fields.ts';
import { findAnswerField, submissionFields } from './submission-fields.ts';
import { touchFields } from './touch-fields.ts';

export type { Field };

/** Every field there is, by entity. To add one is to add an entry to its entity's list. */
export const fields: Readonly<Record<Entity, readonly Field[]>> = {
  person: personFields,
  company: companyFields,
  submission: submissionFields,
  deal: dealFields,
  touch: touchFields,
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
