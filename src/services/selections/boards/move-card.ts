import { eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { canChoose, choiceState } from '../../../db/fragments/choices.ts';
import type { Choices } from '../../../db/fragments/choices.ts';
import { idOfName } from '../../../db/fragments/id-of-name.ts';
import { category, leadStatus, owner, selection } from '../../../db/schema/people.ts';
import { cleanValue } from '../../../domain/text-values.ts';
import { conflict, invalidInput, noSuch, notFound } from '../../../domain/errors.ts';
import type { InputError } from '../../../domain/errors.ts';
import { tables } from '../../../db/segments/stored.ts';
import type { SelectionEntity } from '../../../domain/segments/selections.ts';
import { isVisibleTo } from '../../segments/read-definitions.ts';
import type { SelectionContext } from '../../segments/read-definitions.ts';
import { refusedChoice } from '../../refused-choice.ts';
import { setCategoryOfCompany } from '../../people/update-person.ts';

export type Move = {
  /** The record's number. */
  id: number;
  field: string;
  /** Values as a board's columns have them: names of statuses and categories, ids of owners. Null is none. */
  from: string | null;
  to: string | null;
};

type Movable = {
  column: 'lead_status_id' | 'owner_id' | 'category_id' | 'country';
  /** What is stored for a value. Null where there is no such one. */
  stored: (value: string) => SQL;
  /** Whether it may be taken away. */
  clearable: boolean;
  /** Set where values can be archived: such a one stays where it is, and nothing is moved to it. */
  choices?: { of: Choices; what: 'lead status' | 'category' };
};

const asNumber = (value: string) => (/^[1-9]\d{0,14}$/.test(value) ? Number(value) : 0);
const ofOwner = (value: string) => sql`(SELECT id FROM ${owner} WHERE ${eq(owner.id, asNumber(value))})`;
const shared: Record<string, Movable> = {
  owner: { column: 'owner_id', stored: ofOwner, clearable: true },
  country: { column: 'country', stored: (value) => sql`${cleanValue(value)}`, clearable: true },
};
const movable: Record<SelectionEntity, Record<string, Movable>> = {
  person: {
    ...shared,
    leadStatus: {
      column: 'lead_status_id',
      stored: (value) => idOfName(leadStatus, value),
      clearable: false,
      choices: { of: leadStatus, what: 'lead status' },
    },
  },
  company: {
    ...shared,
    category: {
      column: 'category_id',
      stored: (value) => idOfName(category, value),
      clearable: true,
      choices: { of: category, what: 'category' },
    },
  },
  deal: { owner: shared['owner']! },
  submission: {},
};

/**
 * Moves a card of a board: gives the field its new value if it still has the old one, asked where it is written. A lead
 * status sets the company's category as any change of it does.
 * @throws KildeError `not_found`; `invalid_input`; `conflict` where the field has another value by now.
 */
export async function moveCard(
  { db, clock, viewer }: SelectionContext,
  { selectionId, move: { id, field, from, to } }: { selectionId: number; move: Move },
): Promise<void> {
  const [row] = await db.select().from(selection).where(eq(selection.id, selectionId));
  if (!row || !isVisibleTo(row, viewer)) throw notFound('selection');
  const { entity } = row;
  const way = Object.hasOwn(movable[entity], field) ? movable[entity][field] : undefined;
  if (!way) {
    const names = Object.keys(movable[entity]).join(', ');
    const message = names === '' ? `Cards of a ${entity} cannot be moved.` : `A card is moved by one of ${names}.`;
    throw invalidInput([{ location: 'body.field', message }]);
  }
  if (to === null && !way.clearable) throw invalidInput([{ location: 'body.to', message: 'must not be empty' }]);

  const now = clock();
  const table = tables[entity];
  const column = sql.identifier(way.column);
  const stored = (value: string | null) => (value === null ? sql`NULL` : way.stored(value));
  const exists = (value: string | null) => (value === null ? sql`1` : sql`${way.stored(value)} IS NOT NULL`);
  const canMoveTo = to !== null && way.choices ? canChoose(way.choices.of, { id: stored(to) }) : exists(to);
  const stillThere = sql`EXISTS (SELECT 1 FROM ${table} card WHERE card.id = ${id} AND card.${column} IS ${stored(from)})
    AND ${exists(from)} AND ${canMoveTo}`;
  const check = db.all<{ card: number; from: number; to: number; state: string | null }>(sql`SELECT
    EXISTS (SELECT 1 FROM ${table} card WHERE card.id = ${id}) AS card, ${exists(from)} AS "from", ${canMoveTo} AS "to",
    ${way.choices ? choiceState(way.choices.of, stored(to)) : sql`NULL`} AS state`);
  const update = db.all<{ id: number }>(sql`UPDATE ${table} SET ${column} = ${stored(to)}, updated_at = ${now}
    WHERE id = ${id} AND ${stillThere} RETURNING id`);
  // The category goes first: after the card is moved, its old value no longer says whether this move was the one.
  const category = db.run(setCategoryOfCompany({ id, statusId: stored(to), now, condition: stillThere }));
  const [[checks], moved] =
    field === 'leadStatus'
      ? await db.batch([check, category, update]).then(([checked, , changed]) => [checked, changed] as const)
      : await db.batch([check, update]);
  if (moved.length > 0) return;
  if (!checks!.card) throw notFound(entity);
  const errors: InputError[] = (['from', 'to'] as const)
    .filter((end) => !checks![end])
    .map((end) => {
      const location = `body.${end}`;
      return end === 'to' && way.choices
        ? refusedChoice({ location, what: way.choices.what, value: to ?? '', state: checks!.state! })
        : { location, message: noSuch('value', end === 'from' ? from : to) };
    });
  if (errors.length > 0) throw invalidInput(errors);
  throw conflict(`The card was moved meanwhile: its ${field} is not '${from ?? ''}' any more.`);
}
