import type { Entity } from '../../domain/segments/fields.ts';
import { clickIdFields, findClickIdField } from './click-id-fields.ts';
import { companyFields, companyPoints } from './company-fields.ts';
import { consentOwnFields } from './consent-fields.ts';
import { dealFields } from './deal-fields.ts';
import type { Field, Point } from './declare.ts';
import { fieldsOfParents, throughParent } from './parents.ts';
import { amongConversions, personFields, personPoints } from './person-fields.ts';
import { selectionFields } from './selection-fields.ts';
import { parentsOf } from './relations.ts';
import { asConversion, findAnswerField, submissionFields, submissionPoints } from './submission-fields.ts';
import { touchFields, touchPoints } from './touch-fields.ts';

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
  consent: consentOwnFields,
};

const points: Partial<Record<Entity, readonly Point[]>> = {
  person: personPoints,
  company: companyPoints,
  submission: submissionPoints,
  touch: touchPoints,
};

const byName = new Map(
  Object.values(fields)
    .flat()
    .map((field) => [`${field.entity}:${field.name}`, field]),
);

/** A field by its name, also one that is made of its name: a form's own answer, a click id, a parent's of these. */
function find(entity: Entity, name: string): Field | undefined {
  return byName.get(`${entity}:${name}`) ?? makeField(entity, name);
}

/** Finds a field; and the names that an entity's fields have, for whoever names one that does not exist. */
export const findField = Object.assign(find, {
  namesOf: (entity: Entity) => fields[entity].map(({ name }) => name),
});

function makeField(entity: Entity, name: string): Field | undefined {
  const parent = parentsOf(entity).find((one) => name.startsWith(`${one}.`));
  if (parent) {
    const of = find(parent, name.slice(parent.length + 1));
    return of && throughParent(of, entity);
  }
  if (entity === 'submission' && name.startsWith('conversion.')) {
    const of = find('submission', name.replace('conversion.', 'touch.'));
    return of && asConversion(of);
  }
  if (entity === 'submission' && name.startsWith('clickIds.')) {
    const of = find('submission', `touch.${name}`);
    return of && { ...of, name };
  }
  const clickId = findClickIdField(entity, name, points[entity] ?? []);
  if (clickId && entity === 'person' && name.startsWith('latestConversion.'))
    return amongConversions(clickId, find('submission', name.replace('latestConversion.', 'touch.')));
  return clickId ?? (entity === 'submission' ? findAnswerField(name) : undefined);
}

/** The fields that an entity is listed with: those declared, and the click ids of its own points. */
export function listedFields(entity: Entity): Field[] {
  const clickIds = clickIdFields(entity, points[entity] ?? []);
  return [...fields[entity], ...clickIds, ...(entity === 'submission' ? clickIds.map(asConversion) : [])];
}
