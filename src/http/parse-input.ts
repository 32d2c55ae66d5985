import * as z from 'zod';
import { invalidInput, maxInputErrors } from '../domain/errors.ts';
import type { InputError } from '../domain/errors.ts';

/** Members of a record whose names are the caller's own. */
const maxRecordEntries = 1_000;
const maxShownName = 100;

/**
 * A value as its schema has it.
 * @param root where the value stands: `body`, `query`.
 * @throws KildeError `invalid_input` with the first faults, and how many more there are.
 */
export function parseInput({ schema, value, root }: { schema: z.ZodType; value: unknown; root: string }): unknown {
  // A list is measured before its members are read: a million wrong ones would each become a fault first.
  const tooLong = findTooLong(schema, value, root);
  if (tooLong) throw invalidInput([tooLong]);
  let parsed: z.ZodSafeParseResult<unknown>;
  try {
    parsed = schema.safeParse(value);
  } catch (error) {
    // zod hands all faults of a list on as the arguments of one call, and the stack holds some 100,000.
    if (!(error instanceof RangeError)) throw error;
    throw invalidInput(firstErrors({ schema, value, root }), Infinity);
  }
  if (parsed.success) return parsed.data;
  throw invalidInput(toInputErrors(parsed.error, root));
}

/** zod's issues as `{ location, message }`, the location being a path such as `body.items[2].email`. */
export function toInputErrors(error: z.ZodError, root: string): InputError[] {
  return error.issues.flatMap((issue) => {
    const location = issue.path.reduce<string>((path, part) => path + stepOf(part), root);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ location: location + stepOf(key), message: 'There is no such field.' }));
    }
    return [{ location, message: issue.message }];
  });
}

const stepOf = (part: PropertyKey): string =>
  typeof part === 'number' ? `[${part}]` : `.${String(part).slice(0, maxShownName)}`;

/** The first faults of the lists of an object, each member read by itself. */
function firstErrors({ schema, value, root }: { schema: z.ZodType; value: unknown; root: string }): InputError[] {
  const errors: InputError[] = [];
  if (!(schema instanceof z.ZodObject) || !isObject(value)) return errors;
  for (const [name, one] of Object.entries(schema.shape)) {
    const list = unwrap(one);
    const given = value[name];
    if (!(list instanceof z.ZodArray) || !Array.isArray(given)) continue;
    for (const [index, item] of given.entries()) {
      const parsed = (list.element as z.ZodType).safeParse(item);
      if (!parsed.success)
        errors.push(...toInputErrors(parsed.error, `${root}.${name}[${index}]`).slice(0, maxInputErrors));
      if (errors.length >= maxInputErrors) return errors;
    }
  }
  return errors;
}

/** The first list or record that holds more than its schema allows, by the places that schemas without choice lead to. */
function findTooLong(schema: z.ZodType, value: unknown, location: string): InputError | null {
  if (typeof value !== 'object' || value === null) return null;
  const inner = unwrap(schema);
  if (Array.isArray(value)) {
    const lists = (inner instanceof z.ZodUnion ? (inner.options as z.ZodType[]).map(unwrap) : [inner]).filter(
      (one) => one instanceof z.ZodArray,
    );
    const [list] = lists;
    if (!list || lists.length > 1) return null;
    const most = maxLengthOf(list);
    if (value.length > most) return { location, message: `must hold at most ${most}, and holds ${value.length}` };
    return firstOf(value.entries(), ([index, one]) =>
      findTooLong(list.element as z.ZodType, one, `${location}[${index}]`),
    );
  }
  const members = value as Record<string, unknown>;
  if (inner instanceof z.ZodObject) {
    return firstOf(Object.entries(inner.shape as Record<string, z.ZodType>), ([name, one]) =>
      Object.hasOwn(members, name) ? findTooLong(one, members[name], `${location}.${name}`) : null,
    );
  }
  if (!(inner instanceof z.ZodRecord)) return null;
  const names = Object.keys(members);
  if (names.length > maxRecordEntries) {
    return { location, message: `must hold at most ${maxRecordEntries}, and holds ${names.length}` };
  }
  return firstOf(names, (name) => findTooLong(inner.valueType as z.ZodType, members[name], location + stepOf(name)));
}

function firstOf<T>(list: Iterable<T>, find: (one: T) => InputError | null): InputError | null {
  for (const one of list) {
    const found = find(one);
    if (found) return found;
  }
  return null;
}

/** The most members that a list may have; endless where it says nothing. */
export function maxLengthOf(list: z.ZodType): number {
  const most = (list.def.checks ?? []).map((check) => {
    // oxlint-disable-next-line no-underscore-dangle -- where zod keeps what a check asks for
    const { maximum, length } = check._zod.def as { maximum?: number; length?: number };
    return maximum ?? length ?? Infinity;
  });
  return Math.min(Infinity, ...most);
}

/** A schema without what lets its value be left out, or changes it afterwards. */
export function unwrap(schema: z.ZodType): z.ZodType {
  const { innerType, in: before } = schema.def as { innerType?: z.ZodType; in?: z.ZodType };
  const inner = innerType ?? before;
  return inner ? unwrap(inner) : schema;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
