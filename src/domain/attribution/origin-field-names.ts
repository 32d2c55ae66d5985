import { originFields } from './origin-fields.ts';
import type { Declared, OriginField } from './origin-fields.ts';

type NameOf<Field extends OriginField> = Declared[Field]['name'];
/** Some fields by the API's names. */
export type Named<Field extends OriginField, Value> = { [One in Field as NameOf<One>]: Value };

/** A record of some fields by the API's names. */
export function recordByName<Field extends OriginField, Value>(
  fields: readonly Field[],
  valueOf: (field: Field) => Value,
): Named<Field, Value> {
  return Object.fromEntries(fields.map((field) => [originFields[field].name, valueOf(field)])) as Named<Field, Value>;
}

/** The API's names of some fields, in their order. */
export function apiNames<Field extends OriginField>(fields: readonly Field[]): Array<NameOf<Field>> {
  return fields.map((field) => originFields[field].name);
}

/** The API's name of a field as stored rows call it; of what is no field of an origin (landing page), the same name. */
export function apiNameOf(stored: string): string {
  return stored in originFields ? originFields[stored as OriginField].name : stored;
}

/** The one of some fields that the API calls so. */
export function fieldNamed<Field extends OriginField>(fields: readonly Field[], name: NameOf<Field>): Field {
  return fields[apiNames(fields).indexOf(name)] as Field;
}
