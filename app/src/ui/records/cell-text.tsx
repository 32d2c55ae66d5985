import type { Field } from '../find/fields.ts';
import { plainText, valueName } from '../find/words.ts';
import { formatCount, formatDay, none } from '../format.ts';
import { m } from '../../paraglide/messages.js';

/** A text of a row; null where it has none. */
export function textOf(row: Record<string, unknown>, name: string): string | null {
  const value = row[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A value of a row as it is read: a reference by its name, a moment as its day. */
export function cellText(value: unknown, field: Field | undefined): string {
  if (value === null || value === undefined || value === '') return none;
  if (Array.isArray(value)) return value.map((one) => cellText(one, field)).join(', ');
  if (typeof value === 'object') {
    const { name, email, id } = value as { name?: string | null; email?: string | null; id?: string };
    return name ?? email ?? id ?? none;
  }
  if (typeof value === 'boolean') return value ? m.yes() : m.no();
  if (typeof value === 'number') return formatCount(value);
  const text = plainText(value);
  if (field?.type === 'date') return formatDay(text.slice(0, 10));
  return valueName(text, field);
}
