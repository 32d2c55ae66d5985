import * as z from 'zod';
import { unknownName } from '../domain/unknown-name.ts';
import { nameContextOf, sentenceOf, unknownValue } from './input-sentences.ts';
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
    parsed = schema.safeParse(value, ownWords);
  } catch (error) {
    // zod hands all faults of a list on as the arguments of one call, and the stack holds some 100,000.
    if (!(error instanceof RangeError)) throw error;
    throw invalidInput(firstErrors({ schema, value, root }), Infinity);
  }
  if (parsed.success) return parsed.data;
  throw invalidInput(toInputErrors(parsed.error, { root, schema, value }), unnamedOf(parsed.error));
}

/** zod asks for a sentence wherever a schema has none of its own. */
export const ownWords: z.core.ParseContext<z.core.$ZodIssue> = { error: sentenceOf, reportInput: true };

/**
 * zod's first issues as `{ location, message }`, the location being a path such as `body.items[2].email`. A name that does not exist
 * comes with those that do.
 */
export function toInputErrors(
  error: z.ZodError,
  { root, schema, value }: { root: string; schema?: z.ZodType; value?: unknown },
): InputError[] {
  const context = nameContextOf(root);
  const errors: InputError[] = [];
  const add = (issues: readonly z.core.$ZodIssue[], { base, at }: { base: string; at: PropertyKey[] }): void => {
    for (const issue of issues) {
      if (errors.length >= maxInputErrors) return;
      const path = [...at, ...issue.path];
      const location = issue.path.reduce<string>((text, part) => text + stepOf(part), base);
      if (issue.code === 'unrecognized_keys') {
        const known = schema ? namesAt(schema, path) : [];
        const unknown = issue.keys.slice(0, maxInputErrors - errors.length);
        for (const name of unknown)
          errors.push(unknownName({ location: location + stepOf(name), name, known, ...context }));
        continue;
      }
      if (issue.code === 'invalid_union' && issue.discriminator !== undefined && schema) {
        const known = discriminatorsAt(schema, { path: path.slice(0, -1), name: issue.discriminator });
        const given = valueAt(value, path);
        errors.push(
          given === undefined
            ? { location, message: 'is missing' }
            : unknownName({ location, what: issue.discriminator, name: given, known }),
        );
        continue;
      }
      const branch = issue.code === 'invalid_union' ? likeliestBranch(issue) : undefined;
      if (branch) {
        add(branch, { base: location, at: path });
        continue;
      }
      const named =
        issue.code === 'invalid_value' && issue.message === sentenceOf({ ...issue, input: issue.input })
          ? unknownValue({ location, values: issue.values, input: issue.input ?? valueAt(value, path) })
          : null;
      errors.push(named ?? { location, message: issue.message });
    }
  };
  add(error.issues, { base: root, at: [] });
  return errors;
}

/** How many faults a failed parse has beyond those that are named. */
function unnamedOf(error: z.ZodError): number {
  const all = error.issues.reduce(
    (sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1),
    0,
  );
  return Math.max(0, all - maxInputErrors);
}

/** The shape that a value comes nearest to: the only one whose faults lie further in than the value itself. */
function likeliestBranch({ errors, message, ...issue }: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] | undefined {
  // A union that says itself what it takes.
  if (message !== sentenceOf({ ...issue, errors } as z.core.$ZodRawIssue)) return undefined;
  const deeper = errors.filter((branch) => !branch.some((one) => one.path.length === 0 && one.code === 'invalid_type'));
  return deeper.length === 1 ? deeper[0] : undefined;
}

/** The schemas at a place of a schema: several where a choice is on the way. */
function schemasAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType[] {
  const inner = unwrap(schema);
  const [step, ...rest] = path;
  if (step === undefined) return [inner];
  if (inner instanceof z.ZodUnion) return (inner.options as z.ZodType[]).flatMap((one) => schemasAt(one, path));
  if (inner instanceof z.ZodArray) return schemasAt(inner.element as z.ZodType, rest);
  if (inner instanceof z.ZodRecord) return schemasAt(inner.valueType as z.ZodType, rest);
  if (!(inner instanceof z.ZodObject)) return [];
  const shape = inner.shape as Record<string, z.ZodType>;
  return Object.hasOwn(shape, step) ? schemasAt(shape[String(step)]!, rest) : [];
}

/** The names that an object has at a place of a schema. */
function namesAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  return schemasAt(schema, path).flatMap((inner) => {
    if (inner instanceof z.ZodUnion) return (inner.options as z.ZodType[]).flatMap((one) => namesAt(one, []));
    if (inner instanceof z.ZodRecord && inner.keyType instanceof z.ZodEnum) return inner.keyType.options.map(String);
    if (!(inner instanceof z.ZodObject)) return [];
    const shape = inner.shape as Record<string, z.ZodType>;
    return Object.keys(shape).filter((name) => !isRefused(shape[name]!));
  });
}

/** The values by which a choice of objects is made. */
function discriminatorsAt(schema: z.ZodType, { path, name }: { path: readonly PropertyKey[]; name: string }): string[] {
  return schemasAt(schema, path).flatMap((inner) =>
    inner instanceof z.ZodUnion
      ? (inner.options as z.ZodType[]).flatMap((one) =>
          schemasAt(one, [name]).flatMap((literal) =>
            literal instanceof z.ZodLiteral ? [...literal.values].map(String) : [],
          ),
        )
      : [],
  );
}

/** Whether a member is declared only to be refused by name. */
const isRefused = (schema: z.ZodType): boolean => unwrap(schema) instanceof z.ZodNever;

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[step] : undefined),
    value,
  );
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
      const element = list.element as z.ZodType;
      const parsed = element.safeParse(item, ownWords);
      if (!parsed.success) {
        errors.push(
          ...toInputErrors(parsed.error, { root: `${root}.${name}[${index}]`, schema: element, value: item }),
        );
      }
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
    if (value.length > most) return { location, message: `has ${value.length} entries, and may have at most ${most}` };
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
    return { location, message: `has ${names.length} members, and may have at most ${maxRecordEntries}` };
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
