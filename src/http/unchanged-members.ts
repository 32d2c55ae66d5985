import * as z from 'zod';
import { invalidInput } from '../domain/errors.ts';
import type { InputError } from '../domain/errors.ts';
import { showHostsIn } from '../domain/hosts/shown-hosts.ts';

/**
 * Read, change, write: what GET gives, PATCH and PUT accept. Members of a body that the operation does not write are left out
 * where they are as the record has them, and refused by name where they are not.
 * @param schema what the operation writes.
 * @param current the record as GET shows it.
 * @param location where the value stands: `body`, `body.items[2]`.
 * @throws KildeError `invalid_input`, which names for a reference the member that changes it.
 */
export function leaveOutUnchanged(
  value: object,
  { schema, current, location }: { schema: z.ZodObject; current: object; location: string },
): Record<string, unknown> {
  const writable = schema.shape as Record<string, z.ZodType>;
  const errors: InputError[] = [];
  const kept = Object.entries(value).filter(([name, given]) => {
    if (Object.hasOwn(writable, name) && writable[name]!.safeParse(given).success) return true;
    if (!Object.hasOwn(current, name)) return true;
    const stored = (current as Record<string, unknown>)[name];
    if (isEqual(given, stored) || isEqual(given, showHostsIn(stored, name))) return false;
    // A member that can be written, with a value that cannot: its own fault is named.
    if (Object.hasOwn(writable, name) && !isReference(given)) return true;
    errors.push({ location: `${location}.${name}`, message: refusal(name, writable) });
    return false;
  });
  if (errors.length > 0) throw invalidInput(errors);
  return Object.fromEntries(kept);
}

function refusal(name: string, writable: Record<string, z.ZodType>): string {
  const id = `${name}Id`;
  return Object.hasOwn(writable, id)
    ? `'${name}' is a reference and cannot be changed here: use ${id}.`
    : `'${name}' cannot be changed.`;
}

const isReference = (value: unknown): boolean => typeof value === 'object' && value !== null && 'id' in value;

/** Whether two JSON values are the same. The order of members does not count. */
function isEqual(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && isEqual(left[name], right[name]))
  );
}
