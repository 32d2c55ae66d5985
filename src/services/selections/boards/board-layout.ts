import { findField } from '../../../db/segments/fields.ts';
import type { Field } from '../../../db/segments/fields.ts';
import { invalidInput, KildeError } from '../../../domain/errors.ts';
import type { InputError } from '../../../domain/errors.ts';
import { parseSegment } from '../../../domain/segments/query.ts';
import type { BoardLayout, GivenLayout, SelectionEntity } from '../../../domain/segments/selections.ts';

/** A field that cards can be grouped by; null, with an error, where it is none. */
export function readGroupable(
  entity: SelectionEntity,
  { name, location, errors }: { name: string; location: string; errors: InputError[] },
): Field | null {
  const field = findField(entity, name);
  if (field?.groupable) return field;
  errors.push({ location, message: `Cards cannot be grouped by '${name}'.` });
  return null;
}

/** A column's key as it came from the database, as text. */
export function keyText({ type }: Field, value: string | number | null): string | null {
  if (value === null) return null;
  return type === 'boolean' ? String(value === 1) : String(value);
}

/**
 * A board's layout as it is stored with a selection: what is left out is null.
 * @throws KildeError `invalid_input`, naming the place: `body.board.rows`.
 */
export function readLayout(entity: SelectionEntity, given: GivenLayout): BoardLayout {
  const layout: BoardLayout = {
    groupBy: given.groupBy,
    rows: given.rows ?? null,
    totalsBy: given.totalsBy ?? null,
    cardFields: given.cardFields ?? null,
    sort: given.sort ?? null,
    collapsed: given.collapsed ?? [],
  };
  const errors: InputError[] = [];
  for (const part of ['groupBy', 'rows', 'totalsBy'] as const) {
    const name = layout[part];
    if (name !== null) readGroupable(entity, { name, location: `body.board.${part}`, errors });
  }
  try {
    parseSegment({ entity, columns: layout.cardFields, sort: layout.sort }, findField);
  } catch (error) {
    if (!(error instanceof KildeError)) throw error;
    for (const { location, message } of error.errors) {
      errors.push({
        location: location.replace('body.columns', 'body.board.cardFields').replace('body.sort', 'body.board.sort'),
        message,
      });
    }
  }
  if (errors.length > 0) throw invalidInput(errors);
  return layout;
}
